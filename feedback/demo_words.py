"""What the customers of the demo write: sentences about errands, by how the visit went."""

ERRANDS = (
    "my parking permit",
    "a passport for my daughter",
    "a birth certificate",
    "the garden waste bin",
    "a change of address",
    "my bus pass",
    "the council tax reduction",
    "a street party licence",
    "the allotment waiting list",
    "a blue badge for my mother",
    "the school meals form",
    "a broken street light",
)
GOOD = (
    "Came about {errand}, was out again in ten minutes and know exactly what arrives when.",
    "The lady at counter 2 explained {errand} twice without making me feel slow. Thank you!",
    "Everything about {errand} was written down for me before I left. Very helpful.",
    "I was dreading {errand}. It turned out friendly and quick.",
    "Asked about {errand} and got a day and a name. That is how it should be.",
    "Short wait, clear answer about {errand}.",
    "Maya sorted out {errand} and rang me back the same afternoon, as she had promised.",
    "Good to be told about the missing paper for {errand} before standing in the queue again.",
    "They noticed I had come twice about {errand} already and fetched a colleague at once.",
)
MIDDLING = (
    "Friendly, but {errand} took much longer than the board said.",
    "The answer about {errand} was fine, the waiting room was very warm.",
    "{errand_up} is done now. I still do not know whether a letter follows or not.",
    "Fine in the end. I had to ask three times who looks after {errand}.",
    "The form for {errand} asks for things you already have.",
)
BAD = (
    "Nobody could tell me what happens next with {errand}. I went home guessing.",
    "Third visit about {errand}, and I told the whole story from the start again.",
    "Waited fifty minutes to hear that {errand} is dealt with in another building.",
    "I was told to expect a call about {errand}. It never came.",
    "The counter closed in front of me. I had taken a morning off for {errand}.",
    "I felt like a number. {errand_up} matters to me.",
)
REPLIES = {
    "good": "Thank you for taking the time to write. I have read your card out to the team this morning.",
    "middling": (
        "Thank you for telling us. From Monday the board by the door shows the real waiting time, and a "
        "letter follows within five working days."
    ),
    "bad": (
        "I am sorry that you went home without knowing. We now write down the next step, with a day and a "
        "name, before you leave. Ring the branch and ask for me, and I will find out what happened to you."
    ),
}
SPAM = (
    "Best rates on loans www.fast-money.example www.more-money.example",
    "Cheap watches http://watches.example http://watches.example/sale",
)


def sentence(frames: tuple[str, ...], errand: str, number: int) -> str:
    """One of the sentences, about an errand."""
    return frames[number % len(frames)].format(errand=errand, errand_up=errand[0].upper() + errand[1:])


# What the cards of the demo say that names are for, and what customers may agree to.
ASKING = {
    "en": {
        "purpose": "Only to answer you, and to thank who helped you. Nobody else gets to see it.",
        "consent": "You may quote my comment, without my name, on your website and in the entrance hall.",
    },
    "de": {
        "purpose": "Nur um Ihnen zu antworten und zu danken, wer Ihnen half. Sonst sieht es niemand.",
        "consent": "Sie dürfen meinen Kommentar ohne Namen auf Ihrer Website und im Eingang zitieren.",
    },
    "ar": {
        "purpose": "فقط لنرد عليك ونشكر من ساعدك. لا يطّلع عليها أحد غيرنا.",
        "consent": "يمكنكم اقتباس تعليقي، دون اسمي، على موقعكم وفي بهو المدخل.",
    },
}
# the visit card in further languages: its title, and of each question the wording, the hint and the N/A
VISIT = {
    "de": (
        "Wie waren wir heute?",
        {
            "visit": ("Wie war Ihr Besuch?", "", ""),
            "next": ("Wissen Sie, wie es weitergeht?", "", "Nichts zu tun"),
            "comment": ("Was sollten wir wissen?", "Was gut war, was nicht, wer Ihnen half", ""),
        },
    ),
    "ar": (
        "كيف كانت خدمتنا اليوم؟",
        {
            "visit": ("كيف كانت زيارتك؟", "", ""),
            "next": ("هل تعرف ما هي الخطوة التالية؟", "", "لا شيء مطلوب"),
            "comment": ("هل هناك ما ينبغي أن نعرفه؟", "ما كان جيدًا، وما لم يكن، ومن ساعدك", ""),
        },
    ),
}
