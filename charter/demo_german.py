"""Harbour City's charter in German: the same keys as the English words."""

from typing import Any

CHARTER = {
    "title": "Was Sie von uns erwarten können",
    "purpose": (
        "Wir sind dafür da, dass der Umgang mit Ihrer Stadt einfach, fair und schnell vorbei ist. "
        "Das sind unsere Versprechen, und wie gut wir sie halten."
    ),
    "vision": "Niemand geht mit der Frage, mit der er gekommen ist.",
    "why": (
        "Sie können sich kein anderes Rathaus aussuchen. Darum dürfen Sie mehr von uns erwarten, nicht "
        "weniger: Wir sagen, was wir tun, zählen nach, ob wir es tun, und zeigen Ihnen die Zahl."
    ),
    "reach_us": (
        "Montag bis Freitag, 8 bis 18 Uhr, in jeder Zweigstelle oder telefonisch unter 0800 555 0100. "
        "Sie brauchen keinen Termin, und es meldet sich ein Mensch."
    ),
    "when_missed": (
        "Sagen Sie es uns. Binnen zwei Arbeitstagen antwortet Ihnen ein Mensch, und Sie bekommen, was wir "
        "Ihnen schulden: eine Entschuldigung, die Gebühr zurück oder eine Nachbesserung."
    ),
    "we_ask": (
        "Bringen Sie Ihre Unterlagen mit, sagen Sie uns, wenn sich etwas ändert, und behandeln Sie unsere "
        "Leute so, wie Sie selbst behandelt werden möchten."
    ),
    "how_to_complain": (
        "1. Sagen Sie es der Person, die Sie bedient, in der Zweigstelle, am Telefon oder schriftlich.\n"
        "2. Ist es damit nicht erledigt, fragen Sie nach der Leitung: Antwort binnen fünf Arbeitstagen.\n"
        "3. Sind Sie immer noch nicht einverstanden, hilft die Ombudsperson der Stadt, kostenlos."
    ),
}
VALUES = {
    "respect": {
        "name": "Achtung",
        "meaning": "Wir grüßen, hören zu und erklären, wer Sie auch sind und so viel auch los ist.",
        "we_do_customers": (
            "Wir schauen auf, grüßen zuerst und lassen Sie ausreden.\n"
            "Wir sprechen Ihren Namen richtig aus und fragen, wenn wir unsicher sind."
        ),
        "we_dont_customers": (
            "Wir reden nicht von Ihnen wie von einem Fall.\nWir schwatzen nicht erst zu Ende."
        ),
        "we_do_colleagues": "Wir fragen, bevor wir unterbrechen, und danken einander laut.",
        "we_dont_colleagues": "Wir klagen nicht vor anderen über jemanden aus dem Haus.",
    },
    "plain-words": {
        "name": "Klare Worte",
        "meaning": (
            "Kein Amtsdeutsch, kein Kleingedrucktes, kein Formular, das wir selbst ausfüllen könnten."
        ),
        "we_do_customers": "Wir sagen es wie zu Nachbarn und schreiben es Ihnen auf.",
        "we_dont_customers": (
            "Wir verstecken uns nicht hinter Paragrafen.\nWir fragen nicht, was die Stadt schon weiß."
        ),
        "we_do_colleagues": "Wir übergeben in einem Satz: was versprochen ist, und bis wann.",
        "we_dont_colleagues": "Wir setzen nicht zur Sicherheit zehn Leute in Kopie.",
    },
    "one-owner": {
        "name": "Eine von uns steht dafür ein",
        "meaning": "Wen Sie zuerst ansprechen, der bleibt zuständig, bis Ihnen geholfen ist.",
        "we_do_customers": (
            "Wir bringen Sie zur richtigen Stelle und bleiben, bis sie übernommen hat.\n"
            "Wir rufen am genannten Tag zurück, auch ohne Neuigkeit."
        ),
        "we_dont_customers": "Wir sagen nicht „nicht meine Abteilung“ und lassen es dabei.",
        "we_do_colleagues": "Wir übergeben einen Fall mit der ganzen Geschichte.",
        "we_dont_colleagues": "Wir versprechen nichts für ein anderes Team, ohne es zu fragen.",
    },
    "we-learn": {
        "name": "Wir lernen",
        "meaning": "Jede Beschwerde ändert etwas. Sie können nachlesen, was.",
        "we_do_customers": "Wir sagen erst Entschuldigung, und dann, was wir anders machen.",
        "we_dont_customers": "Wir erklären nicht, warum niemand etwas dafür konnte.",
        "we_do_colleagues": "Wir fragen, was den Fehler leicht gemacht hat, nicht, wer ihn gemacht hat.",
        "we_dont_colleagues": "Wir behalten einen Beinahe-Fehler nicht für uns.",
    },
}
STANDARDS = {
    "next-step": {
        "promise": "Bevor Sie gehen, wissen Sie, wie es weitergeht",
        "why": "Damit niemand im Ungewissen nach Hause geht.",
        "guidance": (
            "Sagen Sie vor dem Abschied, wer was bis wann tut. Ist nichts mehr zu tun, sagen Sie auch das. "
            "Steht die Antwort noch aus, nennen Sie den Tag, an dem Sie anrufen."
        ),
        "need": "Ich will wissen, woran ich bin, damit ich planen kann.",
        "feeling": "Sicher: Es läuft.",
        "examples": (
            "- Ein Vater braucht die Papiere für eine Reise am Freitag. Sie sagen ehrlich, dass es Montag "
            "wird, und zeigen den Eilweg.\n"
            "- Das System steht. Sie schreiben die drei nächsten Schritte von Hand auf eine Karte."
        ),
    },
    "letters": {
        "promise": "Wir beantworten jeden Brief und jede E-Mail binnen zwei Arbeitstagen",
        "why": "Eine späte Antwort ist eine Sorge mehr für Sie.",
        "guidance": (
            "Die Uhr läuft ab dem Eingang im Haus. Eine Eingangsbestätigung ist keine Antwort. Dauert es "
            "länger, sagt die Antwort, was wir tun und wann Sie wieder hören."
        ),
        "need": "Ich habe geschrieben, weil ich mir Sorgen mache.",
        "feeling": "Gehört.",
        "examples": (
            "- Die Akte liegt bei einem anderen Amt: Sie antworten am zweiten Tag und nennen, wer sie hat."
        ),
    },
    "story-once": {
        "promise": "Sie erzählen Ihre Geschichte einmal",
        "why": "Wer übernimmt, kennt sie schon.",
        "guidance": (
            "Schreiben Sie die Geschichte in den Fall, bevor Sie ihn übergeben, und stellen Sie die "
            "Kollegin mit Namen vor. Fragen Sie nur noch einmal, was das Gesetz jedes Mal verlangt, und "
            "sagen Sie, warum."
        ),
        "need": "Ich will nicht jedes Mal von vorn anfangen.",
        "feeling": "Bekannt.",
        "examples": "- Zwei Akten widersprechen sich: Sie fragen einmal und berichtigen beide.",
    },
    "welcome": {
        "promise": "Sie sind willkommen, nicht abgefertigt",
        "why": "Ihretwegen sind wir hier.",
        "guidance": "Wie, das ist Ihre Sache. Ein Gruß vor der ersten Frage, und Zeit für die zweite.",
        "need": "Ich will mehr sein als eine Nummer.",
        "feeling": "Willkommen.",
        "examples": (
            "- Jemand spricht unsere Sprache nicht: Sie holen die Bildkarten, und ein Lächeln.\n"
            "- Jemand hat die Mutter verloren: Sie schließen den Schalter und gehen in den stillen Raum."
        ),
    },
    "on-the-spot": {
        "promise": "Wir bringen es auf der Stelle in Ordnung, wenn wir können",
        "why": "Unsere Leute dürfen ohne Rückfrage entscheiden, bis 50 Pfund.",
        "guidance": (
            "Sie dürfen ohne Rückfrage eine Gebühr erlassen, ein Taxi zahlen oder Blumen schicken, bis "
            "50 Pfund. Schreiben Sie in einer Zeile auf, was Sie getan haben, damit wir daraus lernen."
        ),
        "need": "Ich will nicht um mein Recht kämpfen.",
        "feeling": "Erleichtert.",
        "examples": (
            "- Wir haben das Foto verloren: Sie zahlen ein neues, und es geht gleich weiter.\n"
            "- Der Bus ist weg, weil wir langsam waren: Sie rufen ein Taxi."
        ),
    },
}
WRITTEN_NEXT_STEP = (
    "Beenden Sie jeden Besuch mit einem aufgeschriebenen nächsten Schritt: wer was bis wann tut. Ist nichts "
    "mehr zu tun, schreiben Sie das. Steht die Antwort noch aus, nennen Sie den Tag, an dem Sie anrufen."
)
POLICIES: dict[str, dict[str, Any]] = {
    "on-the-spot": {
        "name": "Auf der Stelle in Ordnung gebracht",
        "gives": "Ging etwas schief, gehen Sie erst, wenn es behoben ist, oder mit etwas für Ihre Mühe.",
        "staff_may": (
            "Eine Gebühr erlassen, ein Taxi zahlen oder Blumen schicken, **ohne jemanden zu fragen**."
        ),
        "remedies": (
            "Erst die Entschuldigung, dann was passt: die Gebühr, der Heimweg, ein gesparter zweiter Gang."
        ),
        "replaces": "„Erstattung nur auf schriftlichen Antrag mit Unterschrift der Leitung.“",
    },
    "our-mistake": {
        "name": "Unser Fehler kostet Sie nichts",
        "gives": (
            "War es unser Fehler, zahlen Sie für die Berichtigung keine Gebühr und stehen nicht wieder an."
        ),
        "staff_may": "Die Gebühr erstatten und die Person als Nächste drannehmen.",
        "remedies": "Das berichtigte Papier per Post auf unsere Kosten, und ein Name zum Anrufen.",
        "replaces": "„Gebühren werden nicht erstattet.“",
    },
    "missing-paper": {
        "name": "Ein fehlendes Papier hält nichts auf",
        "gives": (
            "Wir nehmen Ihren Antrag mit dem, was Sie haben. Das Fehlende darf binnen zwei Wochen folgen."
        ),
        "staff_may": "Einen unvollständigen Antrag annehmen und nachsehen, was die Stadt selbst hat.",
        "remedies": "Haben wir Sie trotzdem heimgeschickt, klären wir den Rest am Telefon.",
        "replaces": "„Unvollständige Anträge werden am Schalter zurückgegeben.“",
    },
}
