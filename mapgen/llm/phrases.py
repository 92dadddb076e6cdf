"""The words in which endpoints say what is wrong: one pattern for each meaning, across vendors and servers.

What follows from a meaning, classify.py says; it knows no status and no error.
"""

from __future__ import annotations

import re

QUOTA = re.compile(r"insufficient_quota|exceeded your current quota|billing|\bcredits?\b", re.I)
"""The account's money may be used up; a passing limit's words may hold these, too."""
SPENT = re.compile(r"insufficient_(?:quota|funds|balance)|billing_(?:not_active|hard_limit)|credit balance", re.I)
"""The account's money is used up, and nothing else."""
PASSING = re.compile(r"rate.?limit|(?:try again|retry) (?:in|after)\b|per (?:second|minute|hour|day)\b", re.I)
"""A limit that waiting mends."""
BUSY = re.compile(r"\boverloaded|at capacity|temporarily unavailable", re.I)
KEY = re.compile(
    r"invalid_api_key|api_key_invalid|(?:invalid|incorrect|missing|no) api.?key|"
    r"api.?key (?:is |was )?(?:not valid|invalid|missing)",
    re.I,
)
AUTH = re.compile(
    rf"{KEY.pattern}|authenticat|unauthori[sz]ed|\bforbidden\b|permission.?(?:error|denied)|invalid key", re.I
)
CONTEXT = re.compile(
    r"context_length_exceeded|exceed_context_size|context (?:length|size|window)|maximum context|"
    r"prompt is too long|input (?:length )?is too long|too many (?:input |prompt )?tokens|inputs? tokens? \+ max_new|"
    r"exceed\w* the (?:maximum|max|limit)\b.{0,40}\btokens?\b|(?:maximum|allowed) (?:input )?token count",
    re.I,
)
FILTER = re.compile(
    r"content_filter|content.management.policy|content.policy|data_inspection_failed|inappropriate content|"
    r"\bflagged\b|\bmoderation\b|safety (?:system|filter|policy|reasons)",
    re.I,
)
ROOM = re.compile(r"max_(?:completion_)?tokens.{0,80}(?:too large|at most|less than|<=|exceed|maximum)", re.I)
"""More tokens were asked for than an answer may have."""
FORMAT = re.compile(
    r"response_format|json_schema|json_object|json.?mode|structured output|\bstrict\b|extra_forbidden|grammar|"
    r"max_tokens|max_completion_tokens|temperature|seed",
    re.I,
)
NOT_JSON = re.compile(r"json_validate_failed|failed to (?:generate|validate) json", re.I)
"""The endpoint itself found that what the model wrote is not what was asked for."""
MODEL = re.compile(
    r"model_not_found|model_not_supported|(?:unknown|invalid|no such|unsupported|unrecognized|missing) model|"
    r"\bmodel\b.{0,80}\b(?:not (?:found|exist|available|supported|served|a valid|be found)|unknown|is required|"
    r"invalid|decommissioned|deprecated|removed|retired|shut ?down)|not a valid model",
    re.I,
)
DECLINES = re.compile(
    r"\bI(?:['’]m| am) (?:sorry|unable|not able)|\bI (?:can(?:no|['’])t|cannot|won['’]t|will not|must decline)|"
    r"\bas an AI\b|es tut mir leid|ich kann .{0,40}nicht|je suis désolée?|je ne peux pas|lo siento|no puedo|"
    r"mi dispiace|non posso|não posso|не могу|抱歉|对不起|無法|无法|申し訳|できません",
    re.I,
)
STATUS = re.compile(r"[45][0-9]{2}")
MEANT = (
    (429, re.compile(rf"{QUOTA.pattern}|rate.?limit|too many requests|resource_exhausted", re.I)),
    (401, AUTH),
    (404, re.compile(r"model_not_found", re.I)),
    (400, re.compile(rf"invalid_request|{CONTEXT.pattern}|{FILTER.pattern}|{FORMAT.pattern}|{NOT_JSON.pattern}", re.I)),
    (503, BUSY),
)
"""The status that an error without one would have had, by its words; the first that fits."""
