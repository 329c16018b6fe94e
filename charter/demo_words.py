"""The words of Harbour City's charter, in English and in German."""

from typing import Any

from charter.models import Measure, Standard

LANGUAGE = "en"
CHARTER = {
    "title": "What you can expect from us",
    "purpose": (
        "We are here so that dealing with your city is simple, fair and over quickly. "
        "These are our promises, and how well we keep them."
    ),
    "vision": "Nobody leaves us with a question they came with.",
    "why": (
        "You cannot choose another city hall. That is why you may expect more of us, not less: "
        "we say what we do, count whether we do it, and show you the count."
    ),
    "reach_us": (
        "Monday to Friday, 8 to 18, at any branch or by telephone on 0800 555 0100. "
        "You need no appointment, and a person answers."
    ),
    "when_missed": (
        "Tell us. You get an answer from a person within two working days, "
        "and what we owe you: an apology, the fee back, or a repair."
    ),
    "we_ask": (
        "Bring your papers, tell us when something changes, and treat our staff as you wish to be treated."
    ),
    "how_to_complain": (
        "1. Tell whoever serves you, at any branch, by telephone or in writing.\n"
        "2. If that does not settle it, ask for the head of the branch: an answer within five working days.\n"
        "3. If you still disagree, turn to the city's ombudsperson, free of charge."
    ),
}
VALUES = {
    "respect": {
        "name": "Respect",
        "meaning": "We greet, listen and explain, whoever you are and however busy we are.",
        "we_do_customers": (
            "We look up, greet first, and let you finish.\n"
            "We say your name right, and ask where we are unsure."
        ),
        "we_dont_customers": ("We do not talk about you as a case.\nWe do not finish our chat first."),
        "we_do_colleagues": "We ask before we interrupt, and thank each other aloud.",
        "we_dont_colleagues": "We do not complain about a colleague in front of others.",
    },
    "plain-words": {
        "name": "Plain words",
        "meaning": "No jargon, no small print, no form that we could fill in ourselves.",
        "we_do_customers": "We say it as we would say it to a neighbour, and write it down for you.",
        "we_dont_customers": (
            "We do not hide behind paragraphs.\nWe do not ask for what the city knows already."
        ),
        "we_do_colleagues": "We hand over in one sentence: what was promised, and by when.",
        "we_dont_colleagues": "We do not copy ten people to be on the safe side.",
    },
    "one-owner": {
        "name": "One of us owns it",
        "meaning": "Whoever you speak to first stays responsible until you are served.",
        "we_do_customers": (
            "We take you to the right colleague and stay until the case is theirs.\n"
            "We call back on the day we said, even without news."
        ),
        "we_dont_customers": "We do not say “not my department” and stop there.",
        "we_do_colleagues": "We hand over a case with its whole story.",
        "we_dont_colleagues": "We do not promise for another team without asking it.",
    },
    "we-learn": {
        "name": "We learn",
        "meaning": "Every complaint changes something. You can read what.",
        "we_do_customers": "We say sorry first, and then what we will do differently.",
        "we_dont_customers": "We do not explain why it was nobody's fault.",
        "we_do_colleagues": "We ask what made the mistake easy, not who made it.",
        "we_dont_colleagues": "We do not keep a near miss to ourselves.",
    },
}
Method, Source = Measure.Method, Measure.Source
YES_NO = {"method": Method.TOP_BOX, "source": Source.ANSWERS, "scale_low": 0, "scale_high": 1}
FACES = {"method": Method.TOP_BOX, "source": Source.ANSWERS, "scale_low": 1, "scale_high": 5}
LOG = {"method": Method.SHARE_MET, "source": Source.RESULTS, "scale_low": 0, "scale_high": 1}
STANDARDS: dict[str, dict[str, Any]] = {
    "next-step": {
        "discretion": Standard.Discretion.FLEXIBLE,
        "value": "one-owner",
        "promise": "Before you leave, you know what happens next",
        "why": "So that nobody goes home guessing.",
        "guidance": (
            "Say who does what by when, before you say goodbye. Where nothing is left to do, say that too. "
            "Where the answer is not known yet, name the day on which you will call."
        ),
        "need": "I want to know where I stand, so that I can plan.",
        "feeling": "Safe: this is under way.",
        "examples": (
            "- A father needs the papers for a trip on Friday. You say honestly that it will be Monday, and "
            "show the express way.\n"
            "- The system is down. You write the three next steps on a card by hand."
        ),
        "channel": Standard.Channel.COUNTER,
        "measure": ("next-step-yes", "Visitors who knew what happens next", YES_NO),
        "goal": 90,
        "is_critical": True,
    },
    "letters": {
        "discretion": Standard.Discretion.RIGID,
        "value": "plain-words",
        "promise": "We answer every letter and e-mail within two working days",
        "why": "A late answer is a worry for you.",
        "guidance": (
            "The clock runs from the day it reaches the house. A receipt is no answer. "
            "Where the matter takes longer, the answer says what we are doing and when you hear again."
        ),
        "need": "I wrote because I am worried.",
        "feeling": "Heard.",
        "examples": "- The file is with another office: you answer on day two with the name of who has it.",
        "channel": Standard.Channel.POST,
        "limit": (2, Standard.LimitUnit.WORKING_DAYS),
        "measure": ("letters-in-time", "Letters and e-mails answered in time", LOG),
        "goal": 90,
        "kept_by": ["letters-office"],
    },
    "story-once": {
        "discretion": Standard.Discretion.FLEXIBLE,
        "value": "one-owner",
        "promise": "You tell your story once",
        "why": "When someone else takes over, they know it already.",
        "guidance": (
            "Write the story into the case before you hand it over, and introduce your colleague by name. "
            "Ask again only for what the law makes us ask each time, and say why."
        ),
        "need": "I do not want to start from the beginning each time.",
        "feeling": "Known.",
        "examples": "- Two records say different things: you ask once, and correct both.",
        "measure": ("story-once-yes", "Visitors who did not have to repeat anything", YES_NO),
        "goal": 90,
    },
    "welcome": {
        "discretion": Standard.Discretion.FULL,
        "value": "respect",
        "promise": "You are welcomed, not processed",
        "why": "You are the reason why we are here.",
        "guidance": (
            "How you do it is yours. A greeting before the first question, and time for the second one."
        ),
        "need": "I want to be more than a number.",
        "feeling": "Welcome.",
        "examples": (
            "- A newcomer does not speak the language: you fetch the picture cards, and a smile.\n"
            "- Somebody has lost their mother: you close the counter and take the quiet room."
        ),
        "channel": Standard.Channel.COUNTER,
        "measure": ("welcome-top", "Visitors who gave one of the two best faces", FACES),
        "goal": 80,
    },
    "on-the-spot": {
        "discretion": Standard.Discretion.FULL,
        "value": "we-learn",
        "promise": "We put things right on the spot when we can",
        "why": "Our staff may decide without asking, up to 50 pounds.",
        "guidance": (
            "You may waive a fee, pay a taxi home or send flowers, up to 50 pounds, without asking anybody. "
            "Write down what you did in one line, so that we learn what goes wrong."
        ),
        "need": "I do not want to fight for what is right.",
        "feeling": "Relieved.",
        "examples": (
            "- We lost the photo: you pay for a new one, and let the visitor go first next time.\n"
            "- The bus was missed because we were slow: you call a taxi."
        ),
        "measure": ("on-the-spot-top", "Customers content with how it was put right", FACES),
        "goal": 85,
    },
}
FIRST_EDITION = ("next-step", "letters", "story-once", "welcome")
WRITTEN_NEXT_STEP = (
    "End every visit with a written next step: who does what by when. Where nothing is left to do, write "
    "that. Where the answer is not known yet, name the day on which you will call."
)

RECEIPT: dict[str, Any] = {
    "promise": "Every letter is on the right desk by ten o'clock the next morning",
    "why": "Two working days are only kept where the first morning is not lost.",
    "guidance": "Scan, name the desk, send. Where the desk is unclear, decide and say so; do not park it.",
    "examples": "- A letter holds three matters: it goes to the heaviest one, with a note on the other two.",
    "feeling": "Relied on.",
    "need": "I can only answer in time what I have in time.",
}
POLICIES: dict[str, dict[str, Any]] = {
    "on-the-spot": {
        "name": "Put right on the spot",
        "gives": "Where something went wrong, you leave with it mended, or with something for your trouble.",
        "staff_may": "Waive a fee, pay a taxi home or send flowers, **without asking anybody**.",
        "remedies": "An apology first, then what fits the person: the fee, or the way home.",
        "replaces": "“Refunds only on written application, signed by the head of the branch.”",
        "amount": 50,
        "standards": ("on-the-spot", "welcome"),
    },
    "our-mistake": {
        "name": "Our mistake costs you nothing",
        "gives": "Where we made the mistake, you pay no fee and you do not queue again.",
        "staff_may": "Refund the fee of the service, and take the person next.",
        "remedies": "The corrected paper by post at our cost, and a name to call.",
        "replaces": "“Fees are not refunded.”",
        "amount": 120,
        "standards": ("next-step", "story-once"),
    },
    "missing-paper": {
        "name": "One missing paper stops nothing",
        "gives": "We take your application with what you have. The rest can follow within two weeks.",
        "staff_may": "Accept an application with papers missing, and look up what the city holds itself.",
        "remedies": "If we sent you home all the same, we settle the rest by telephone.",
        "replaces": "“Incomplete applications are handed back at the counter.”",
        "standards": ("story-once",),
    },
}
CLEARER_PLAIN_WORDS = (
    "No jargon, no small print, no form that we could fill in ourselves; and every letter read aloud once "
    "before it leaves."
)
