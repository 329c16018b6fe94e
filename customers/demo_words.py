"""The words of the demo: who comes to Harbour City Services, what they need, and what shows it."""

from typing import Any

SEGMENTS: dict[str, dict[str, Any]] = {
    "residents": {
        "unit": "harbour-city",
        "name": "Residents with an errand",
        "description": "Whoever has to register, renew or report something: once a year or less, so they "
        "do not know the house and the words we use in it.",
        "size": 84_000,
        "size_source": "population register, January 2026",
        "come_for": "A passport, a change of address, a certificate: “I want it done at once.”",
        "channels": ["counter", "telephone", "online"],
        "units": ["harbour-branch", "hill-branch"],
        "accessibility": "One in nine is over 75: seats while waiting, large print, no steps at the door.",
        "languages": "English, Polish, Arabic; plain words for everybody",
    },
    "newcomers": {
        "unit": "harbour-branch",
        "name": "People new to the city",
        "description": "Arrived within the last twelve months, often from abroad.",
        "size": 6_200,
        "size_source": "registrations of the last twelve months",
        "come_for": "To register, to find a school and a doctor, to learn how things are done here.",
        "channels": ["counter", "online"],
        "units": ["harbour-branch"],
        "accessibility": "Many have no printer and no telephone contract yet.",
        "languages": "Arabic, Ukrainian, French; somebody who interprets",
    },
    "shopkeepers": {
        "unit": "harbour-city",
        "name": "Shopkeepers and small firms",
        "description": "Up to ten people; the owner comes in person, between two customers of their own.",
        "size": 3_450,
        "size_source": "trade register, 2026",
        "come_for": "Permits for signs, tables and markets; answers that can be relied on.",
        "channels": ["post", "online", "telephone"],
        "units": ["letters-office"],
        "accessibility": "Outside opening hours: before nine, after six.",
        "languages": "",
    },
    "families": {
        "unit": "hill-branch",
        "name": "Families with young children",
        "description": "Mothers and fathers who come with a pram and little time.",
        "size": 11_300,
        "size_source": "our estimate from the register",
        "come_for": "Birth certificates, nursery places, family cards.",
        "channels": ["counter", "online"],
        "units": ["hill-branch"],
        "accessibility": "Room for a pram, a place to change a baby, an appointment that holds.",
        "languages": "",
    },
    "counters": {
        "unit": "letters-office",
        "name": "Colleagues at the counters",
        "kind": "internal",
        "description": "Twenty-three colleagues who depend on the letters office and on the parks team.",
        "size": 23,
        "size_source": "staff list",
        "come_for": "The file of the visitor who stands before them, and an answer while the visitor waits.",
        "channels": ["telephone", "online"],
        "units": ["letters-office", "parks-team"],
        "accessibility": "",
        "languages": "",
    },
}

# need → (segments, looked after by, expectation, least, wished for, levels, asked every so many months)
NEEDS: dict[str, dict[str, Any]] = {
    "To know what happens next": {
        "segments": ["residents", "newcomers"],
        "unit": "harbour-city",
        "expectation": "Tell me before I go: who does what, and until when.",
        "minimum_words": "a date and a name",
        "desired_words": "the next step on a sheet of paper, in my language",
        "levels": ("3.4", "4.6"),
        "evidence": [
            ("complaint", "I went home and nobody could tell me whether anything would happen.", 95),
            ("response", "The slip with the date on it was worth more than all the leaflets.", 24),
            ("finding", "19 of 24 visitors in the waiting room named this first when we asked them.", 58),
        ],
    },
    "An answer to what I write": {
        "segments": ["shopkeepers", "residents"],
        "unit": "letters-office",
        "expectation": "I do not need a yes. I need an answer, this week.",
        "minimum_words": "an answer within a week",
        "desired_words": "an answer the next day, from somebody with a name",
        "levels": ("3.5", "4.5"),
        "evidence": [
            ("response", "Two days. I had reckoned with three weeks.", 40),
            ("complaint", "My second letter crossed your reminder.", 130),
        ],
    },
    "To tell my story once": {
        "segments": ["residents", "newcomers"],
        "unit": "harbour-city",
        "expectation": "I have said all that to your colleague already.",
        "minimum_words": "the second one reads what the first one wrote",
        "desired_words": "one person until the end",
        "levels": ("3.2", "4.4"),
        "evidence": [("complaint", "Three desks, three times from the beginning.", 72)],
    },
    "To be met with courtesy": {
        "segments": ["residents", "families", "newcomers"],
        "unit": "harbour-city",
        "expectation": "Look up when I come in.",
        "minimum_words": "a greeting within a minute",
        "desired_words": "somebody who is glad that I came",
        "levels": ("3.6", "4.7"),
        "evidence": [("response", "She knew my name from last time!", 12)],
    },
    "Put right without a fight": {
        "segments": ["residents", "shopkeepers"],
        "unit": "harbour-city",
        "expectation": "If it is your mistake, then mend it. I should not have to prove anything.",
        "minimum_words": "put right within a week",
        "desired_words": "put right while I stand there",
        "levels": ("3.0", "4.4"),
        "evidence": [("complaint", "Your mistake, and I had to queue for it twice.", 410)],
    },
    "A short wait, or one that I can plan": {
        "segments": ["families", "shopkeepers"],
        "unit": "hill-branch",
        "expectation": "With a baby on my arm a quarter of an hour is long.",
        "minimum_words": "twenty minutes at most",
        "desired_words": "an appointment that holds",
        "levels": ("3.3", "4.5"),
        "evidence": [
            ("response", "Booked for ten, called at ten. With the pram!", 33),
            ("finding", "Parents at the round table asked for appointments before anything else.", 150),
        ],
    },
    "Forms in my language": {
        "segments": ["newcomers"],
        "unit": "harbour-branch",
        "expectation": "",
        "minimum_words": "a sheet that explains the form",
        "desired_words": "the form itself in Arabic and Ukrainian",
        "levels": (None, None),
        "evidence": [("ours", "We think so because interpreters are asked about forms every day.", 60)],
    },
    "To be reached after six": {
        "segments": ["shopkeepers"],
        "unit": "letters-office",
        "expectation": "",
        "minimum_words": "",
        "desired_words": "one evening a week",
        "levels": (None, None),
        "evidence": [],
    },
    "Every letter on my desk by ten": {
        "segments": ["counters"],
        "unit": "letters-office",
        "expectation": "I can only answer in time what I have in time.",
        "minimum_words": "by noon",
        "desired_words": "by ten, with the file",
        "levels": ("3.5", "4.5"),
        "evidence": [("finding", "Said by all eight colleagues in the talk with the counters.", 45)],
    },
}

STANDARDS = {
    "next-step": ["To know what happens next"],
    "letters": ["An answer to what I write"],
    "story-once": ["To tell my story once"],
    "welcome": ["To be met with courtesy"],
    "on-the-spot": ["Put right without a fight"],
}
"""Key of a standard of the demo charter → the needs that it answers."""

# need → standard under which it is measured, key, name of its measures, how the question ends
MEASURED: dict[str, tuple[str, str, str, str]] = {
    "To know what happens next": (
        *("next-step", "next", "Knowing what happens next"),
        "that you know what happens next",
    ),
    "An answer to what I write": (
        *("letters", "answer", "Answers to letters"),
        "that you get an answer to what you write",
    ),
    "To tell my story once": (
        *("story-once", "story", "Telling it once"),
        "that you need to tell your story only once",
    ),
    "To be met with courtesy": (
        *("welcome", "courtesy", "Courtesy"),
        "that you are met with courtesy",
    ),
    "Put right without a fight": (
        *("on-the-spot", "put-right", "Putting things right"),
        "that mistakes are put right without a fight",
    ),
    "A short wait, or one that I can plan": (
        *("welcome", "wait", "The wait"),
        "that you need not wait long",
    ),
}
