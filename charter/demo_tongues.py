# ruff: noqa: E501
"""Harbour City's charter in French and Arabic: its own words, its values, promises and policies."""

from datetime import datetime

from charter import actions
from charter.models import Charter
from organisation.models import User

CHARTER: dict[str, dict[str, str]] = {
    "fr": {
        "title": "Ce que vous pouvez attendre de nous",
        "purpose": (
            "Nous sommes là pour que vos démarches auprès de la ville soient simples, justes et vite réglées. "
            "Voici nos promesses, et comment nous les tenons."
        ),
        "vision": "Personne ne repart avec la question qui l’avait amené.",
        "why": (
            "Vous ne pouvez pas choisir une autre mairie. Vous pouvez donc attendre plus de nous, pas moins : "
            "nous disons ce que nous faisons, nous comptons si nous le faisons, et nous vous le montrons."
        ),
        "reach_us": (
            "Du lundi au vendredi, de 8 h à 18 h, dans chaque agence ou par téléphone au 0800 555 0100. "
            "Sans rendez-vous, et c’est une personne qui répond."
        ),
        "when_missed": (
            "Dites-le-nous. Une personne vous répond dans les deux jours ouvrés, et vous recevez ce que nous "
            "vous devons : des excuses, le remboursement ou une réparation."
        ),
        "how_to_complain": (
            "Dites-le à l’un de nous ou écrivez à complaints@harbour.example. La personne qui vous écoute le "
            "note et répond dans les deux jours ouvrés. Si la réponse ne vous satisfait pas, la direction de "
            "l’agence réexamine tout ; ensuite la médiatrice de la ville, indépendante de nous."
        ),
        "we_ask": (
            "Apportez vos papiers, prévenez-nous quand quelque chose change, et traitez nos agents comme vous "
            "aimeriez être traité."
        ),
    },
    "ar": {
        "title": "ما يمكنكم أن تتوقعوه منا",
        "purpose": "نحن هنا ليكون تعاملكم مع مدينتكم بسيطًا وعادلًا وسريعًا. هذه وعودنا، وهكذا نفي بها.",
        "vision": "لا يغادرنا أحد بالسؤال الذي جاء به.",
        "why": (
            "لا يمكنكم اختيار بلدية أخرى، ولذلك يحق لكم أن تتوقعوا منا أكثر لا أقل: نقول ما نفعله، "
            "ونعدّ هل فعلناه، ونريكم النتيجة."
        ),
        "reach_us": (
            "من الاثنين إلى الجمعة، من الثامنة صباحًا إلى السادسة مساءً، في أي فرع أو على الهاتف 0800 555 0100. "
            "لا تحتاجون إلى موعد، ويجيبكم شخص."
        ),
        "when_missed": (
            "أخبرونا. يجيبكم شخص خلال يومي عمل، وتحصلون على ما نحن مدينون لكم به: اعتذار أو استرداد الرسوم "
            "أو إصلاح."
        ),
        "how_to_complain": (
            "أخبروا أيًّا منا، أو اكتبوا إلى complaints@harbour.example. من يسمعكم يدوّن شكواكم ويجيب خلال "
            "يومي عمل. وإن لم يرضكم الجواب أعادت إدارة الفرع النظر فيه، ثم ديوان المظالم في المدينة، وهو مستقل عنا."
        ),
        "we_ask": "أحضروا أوراقكم، وأخبرونا عندما يتغير شيء، وعاملوا موظفينا كما تحبون أن تُعاملوا.",
    },
}
VALUES: dict[str, dict[str, tuple[str, str]]] = {
    "fr": {
        "respect": (
            "Respect",
            "Nous saluons, écoutons et expliquons, qui que vous soyez et quelle que soit la foule.",
        ),
        "plain-words": (
            "Des mots simples",
            "Pas de jargon, pas de petits caractères, pas de formulaire que nous pourrions remplir nous-mêmes.",
        ),
        "one-owner": (
            "Un seul responsable",
            "La première personne à qui vous parlez reste responsable jusqu’au bout.",
        ),
        "we-learn": ("Nous apprenons", "Chaque réclamation change quelque chose. Vous pouvez lire quoi."),
    },
    "ar": {
        "respect": ("الاحترام", "نُحيّي ونصغي ونشرح، أيًّا كنتم ومهما كنا مشغولين."),
        "plain-words": ("كلام واضح", "لا مصطلحات، ولا حروف صغيرة، ولا استمارة نستطيع أن نملأها بأنفسنا."),
        "one-owner": ("واحد منا مسؤول", "من تتحدثون إليه أولًا يبقى مسؤولًا حتى تُقضى حاجتكم."),
        "we-learn": ("نتعلم", "كل شكوى تغيّر شيئًا، ويمكنكم أن تقرؤوا ماذا غيّرت."),
    },
}
PROMISES: dict[str, dict[str, tuple[str, str]]] = {
    "fr": {
        "next-step": (
            "Avant de partir, vous savez ce qui va se passer",
            "Pour que personne ne rentre dans le doute.",
        ),
        "letters": (
            "Nous répondons à chaque lettre et à chaque courriel dans les deux jours ouvrés",
            "Une réponse tardive est un souci pour vous.",
        ),
        "story-once": (
            "Vous racontez votre histoire une seule fois",
            "Si quelqu’un d’autre prend le relais, il la connaît déjà.",
        ),
        "welcome": (
            "Vous êtes accueilli, pas traité comme un dossier",
            "C’est pour vous que nous sommes là.",
        ),
        "on-the-spot": (
            "Nous réparons tout de suite quand nous le pouvons",
            "Nos agents décident seuls, jusqu’à 50 livres.",
        ),
    },
    "ar": {
        "next-step": ("قبل أن تغادروا تعرفون ما الخطوة التالية", "حتى لا يعود أحد إلى بيته وهو يخمّن."),
        "letters": ("نجيب عن كل رسالة وكل بريد إلكتروني خلال يومي عمل", "الجواب المتأخر يقلقكم."),
        "story-once": ("تروون قصتكم مرة واحدة", "من يتولى الأمر بعدنا يعرفها سلفًا."),
        "welcome": ("نرحب بكم ولا نعاملكم كأرقام", "أنتم سبب وجودنا هنا."),
        "on-the-spot": ("نصلح الأمر في الحال متى استطعنا", "لموظفينا أن يقرروا وحدهم حتى 50 جنيهًا."),
    },
}
POLICIES: dict[str, dict[str, dict[str, str]]] = {
    "fr": {
        "on-the-spot": {
            "name": "Réparé sur-le-champ",
            "gives": "Si quelque chose a mal tourné, vous repartez avec une solution, ou un geste pour votre peine.",
            "staff_may": "Renoncer à des frais, payer un taxi ou envoyer des fleurs, **sans demander à personne**.",
            "remedies": "D’abord des excuses, puis ce qui convient à la personne : les frais, ou le retour chez elle.",
            "replaces": "« Remboursement uniquement sur demande écrite, signée par la direction de l’agence. »",
        },
        "our-mistake": {
            "name": "Notre erreur ne vous coûte rien",
            "gives": "Quand l’erreur vient de nous, vous ne payez pas de frais et vous ne refaites pas la queue.",
            "staff_may": "Rembourser les frais du service et recevoir la personne tout de suite.",
            "remedies": "Le document corrigé par la poste, à nos frais, et le nom d’une personne à appeler.",
            "replaces": "« Les frais ne sont pas remboursés. »",
        },
        "missing-paper": {
            "name": "Un papier manquant n’arrête rien",
            "gives": "Nous prenons votre demande avec ce que vous avez. Le reste peut suivre sous deux semaines.",
            "staff_may": "Accepter un dossier incomplet, et chercher ce que la ville possède déjà.",
            "remedies": "Si nous vous avons renvoyé malgré tout, nous réglons le reste par téléphone.",
            "replaces": "« Les dossiers incomplets sont rendus au guichet. »",
        },
    },
    "ar": {
        "on-the-spot": {
            "name": "نصلحه في الحال",
            "gives": "إذا حدث خطأ فلن تغادروا إلا وقد أُصلح، أو معكم ما يعوّض تعبكم.",
            "staff_may": "إعفاؤكم من رسم، أو دفع سيارة أجرة، أو إرسال زهور، **دون سؤال أحد**.",
            "remedies": "الاعتذار أولًا، ثم ما يناسب الشخص: الرسم أو طريق العودة إلى البيت.",
            "replaces": "«لا تُردّ المبالغ إلا بطلب مكتوب توقّعه إدارة الفرع.»",
        },
        "our-mistake": {
            "name": "خطؤنا لا يكلفكم شيئًا",
            "gives": "إذا كان الخطأ منا فلا تدفعون رسمًا ولا تنتظرون في الصف مرة أخرى.",
            "staff_may": "رد رسم الخدمة، واستقبال الشخص فورًا.",
            "remedies": "الورقة المصححة بالبريد على حسابنا، واسم من تتصلون به.",
            "replaces": "«الرسوم لا تُرد.»",
        },
        "missing-paper": {
            "name": "ورقة ناقصة لا توقف شيئًا",
            "gives": "نقبل طلبكم بما لديكم من أوراق، ويمكن أن يتبعه الباقي خلال أسبوعين.",
            "staff_may": "قبول طلب تنقصه أوراق، والبحث عما لدى المدينة منها.",
            "remedies": "إذا رددناكم رغم ذلك أنهينا الباقي بالهاتف.",
            "replaces": "«الطلبات الناقصة تُعاد عند الشباك.»",
        },
    },
}


def seed(charter: Charter, *, by: User, at: datetime) -> None:
    """Writes them into the draft."""
    for language, words in CHARTER.items():
        actions.save_charter_texts(charter=charter, language=language, words=words, by=by, at=at)
    for value in charter.values.all():
        for language, values in VALUES.items():
            name, meaning = values[value.key]
            named = {"name": name, "meaning": meaning}
            actions.save_value(charter=charter, value=value, language=language, words=named, by=by, at=at)
    for standard in charter.standards.all():
        for language, promises in PROMISES.items():
            promise, why = promises[standard.key]
            actions.save_standard(
                charter=charter,
                standard=standard,
                language=language,
                words={"promise": promise, "why": why},
                fields={},
                by=by,
                at=at,
            )
    for policy in charter.policies.all():
        for language, policies in POLICIES.items():
            words = policies[policy.key]
            actions.save_policy(
                charter=charter, policy=policy, language=language, words=words, fields={}, by=by, at=at
            )
