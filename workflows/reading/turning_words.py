"""The words at which a value in a running sentence ends, or that show that what stands there is none.

They belong to `value_ends`, one language a row.
"""

from __future__ import annotations

from workflows.reading.everyday_words import either, spaced

# Where a sentence turns away from a value.
TURNS = spaced(
    "instead|rather than|but|and not|not|since|because|please|pls|plz|thanks|thank you|thx|cheers|asap|although|yet",
    "according to|effective|any ?more|right (?:now|away)|at the moment|now|yesterday|today|recently|already|again|too",
    "immediately|as well|lol|which|who|where|while|whereas|despite|if possible|when possible|on my|in my",
    "as (?:of|my|the|her|his|agreed|discussed|per|in|shown|stated|it|you|i|we|they|he|she|can|soon)",
    "for (?:my|his|her|this|that|user|account|employee|login)",
    "and (?:okta|ad|active|ldap|hr|workday|please|it|i|we|the|this|that|my|not|has|is|was)",
    "ändern|korrigieren|aber|sondern|statt|und nicht|nicht|bitte|danke|seit|geändert|sein|lauten|heißen|heissen|stehen",
    "werden|laut|gemäß|ab sofort|im ad",
    "selon|à partir|au lieu de|depuis|mais|merci|svp|s['’]il vous|et non|dans (?:okta|l['’]ad)|pas",
    "según|a partir|en lugar de|desde|pero|por favor|gracias|y no|en (?:okta|el ad|ad)|todavía|aún",
    "segundo|conforme|em vez de|mas|obrigad[oa]|e não|no (?:okta|ad)|ainda",
    "zijn|maar|en niet|niet|graag|sinds|volgens|vanaf|gewijzigd|bedankt",
    "(?:and|y|et|e|und|en) (?:should|must|needs|debería|debe|devrait|doit|il|elle|deveria|deve|sollte|soll|muss|moet)",
)
# What follows "should be" and is no value: "it should be working", "should be updated by now".
NO_VALUE = either(
    "[a-zäöü]+(?:ed|ing)|fine|correct|right|done|there|visible|different|ok|okay|the same|automatic|able|wrong|old",
    "like|what|set|shown|as|still|also|always|never|only|just|that|this|one|something|exactly|max|min|at|less|more",
    "between|either|unique|same|in|on|a|an|so|the|to|too|not|no|my|your|his|her|it",
    "falsch|richtig",
    "under|with|at|from|been|is|isn['’]?t|ext|the one",
    "die|der|das|ist|steht|staat|est|es|é|è|är",
)
# What begins another clause behind a comma, where a value might go on.
CLAUSE = either(
    "but|and|so|not|can|could|would|will|please|pls|plz|kindly|thanks?|thx|cheers|it|i|we|he|she|they|you|okta|ad|hr",
    r"i['’]\w+|workday|in|as|since|because|which|who|while|where|whereas|however|though|although|instead|currently|now",
    "still|the|this|that|these|my|his|her|their|our|for|per|if|when|until|after|before|just|also|is|was|has|do",
    "don['’]?t|did|ok|right|yes|no|sorry|see|both",
    "aber|und|da|weil|seit|bitte|danke|ich|wir|sie|es|er|die|der|das|nicht|statt",
    "mais|et|car|merci|je|il|elle|pas|dans",
    "pero|porque|gracias|en|por",
    "mas|obrigad[oa]",
    "maar|want|graag|niet|ik|sinds",
)
# What stands inside a value only where its end was missed.
HANGS_ON = spaced(
    "by|with|per|according|effective|after|before|starting|beginning|or|when|while|until|if|unless|from|to|than|like|as",
    "so|just|only|also|even|still|always|never|that|this|there|here|i|you|we|they|he|she|it|me|us|my|your|our|their",
    "is|are|was|were|has|have|had|do|does|did|can|could|will|would|should|shall|must|may|might|think|guess|maybe",
    "perhaps|probably|everywhere|[a-z]+ly|and (?:my|the)|/",
    "in (?:(?i:azure|workday|hr|sap|outlook|teams|slack)|the|our|this|all)",
    "oder|wie|ist|war|hat|wurde|ab",
    "ou|est|comme|et m[oa]n?",
    "o|como",
    "heeft",
)
