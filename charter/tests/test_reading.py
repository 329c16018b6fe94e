"""Editions of every age are read."""

from charter.reading import read_edition

OLD = {
    "texts": {"en": {"title": "What you can expect", "purpose": "To help"}},
    "values": [
        {
            "key": "respect",
            "texts": {
                "en": {"name": "Respect", "towards_customers": "We greet first.", "towards_colleagues": ""}
            },
        }
    ],
    "standards": [
        {
            "key": "next-step",
            "discretion": "full",
            "value": "respect",
            "starts_on": None,
            "texts": {"en": {"promise": "You know what happens next", "why": "", "guidance": "Say it"}},
            "measures": [],
        }
    ],
}


def test_an_edition_from_before_the_behaviours_still_reads():
    reading = read_edition(OLD, "en")
    assert reading["values"][0]["behaviours"] == [("Towards customers", ["We greet first."], [])]
    assert reading["policies"] == []
    standard = reading["standards"][0]
    assert (standard["limit"], standard["relies_on"], standard["refines"]) == ("", [], "")
    assert [text for _label, text in standard["parts"]] == ["Say it"]


def test_an_edition_of_today_reads_with_limits_policies_and_citations():
    cited = {"key": "post", "unit": "Letters", "texts": {"en": {"promise": "Post by ten"}}}
    standard = OLD["standards"][0] | {
        "audience": "colleagues",
        "limit_amount": 120,
        "limit_unit": "business_minutes",
        "depends_on": [cited],
        "refines": cited,
    }
    policy = {
        "key": "spot",
        "amount": "50",
        "currency": "£",
        "standards": [],
        "texts": {"en": {"name": "On the spot", "staff_may": "Waive a fee"}},
    }
    reading = read_edition(OLD | {"standards": [standard], "policies": [policy]}, "en")
    read = reading["standards"][0]
    assert (read["limit"], read["is_internal"]) == ("2 hours of opening time", True)
    assert read["relies_on"] == ["Letters: Post by ten"]
    assert (reading["policies"][0]["amount"], len(reading["policies"][0]["parts"])) == ("£ 50", 1)
