"""Reading words that name neither place nor year: departments, people, kinds of documents,
numbers of a series, synonyms, spellings."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kb.domain.classification import DocumentKind
from kb.domain.departments import functions_of
from kb.domain.synonyms import Relation
from kb.japanese.readings import romaji_key, to_hiragana, to_katakana
from kb.japanese.tokenise import Analyser, Token
from kb.search.query import Facet, Variant
from kb.search.readers.probing import Prober, facet_variant
from kb.search.readers.segments import Segment
from kb.search.readers.synonyms import LONGEST_TERM, Synonym
from kb.search.readers.vocabulary import Vocabulary

DEPARTMENT_WEIGHT = 0.6
KIND_WEIGHT = 0.5
SYNONYM_WEIGHTS = {Relation.SAME: 0.8, Relation.ABBREVIATION: 0.9, Relation.NARROWER: 0.7}
"""What a match counts that says it otherwise than typed."""
MOST_SYNONYMS = 16
"""Of one word; the shipped list has at most nine."""

_KINDS: Mapping[DocumentKind, tuple[str, ...]] = {
    DocumentKind.SLIDES: ("スライド", "発表スライド", "発表資料", "プレゼン資料", "投影資料"),
    DocumentKind.REPORT: ("報告書", "レポート", "開催報告", "実施報告"),
    DocumentKind.FLYER: ("チラシ", "ちらし", "リーフレット", "案内チラシ"),
    DocumentKind.NEWSLETTER: ("通信", "会報", "ニュースレター"),
    DocumentKind.SURVEY: ("アンケート", "アンケート結果", "調査票"),
    DocumentKind.CASEBOOK: ("事例集",),
    DocumentKind.ARTICLE: ("記事",),
    DocumentKind.MESSAGE: ("メッセージ",),
    DocumentKind.STEP_UP_SHEET: ("ステップアップシート",),
}
KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
"""What papers of a kind are called."""

_HIRAGANA = re.compile("[ぁ-ゖー]{3,}")
_ISSUE = re.compile(
    r"(?P<before>no\.?|№|vol\.?|第)?\s*(?P<number>\d{1,4})\s*(?P<after>号|巻)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Said:
    """How one word was read."""

    segment: Segment
    variants: tuple[Variant, ...]
    kind: str = ""
    """Of the chip; empty for a word that was taken as it was typed."""
    label: str = ""
    searched: tuple[str, ...] | None = None
    """None: the surfaces of the variants."""


class WordReader:
    """Reads words against one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, analyser: Analyser, prober: Prober) -> None:
        self._vocabulary = vocabulary
        self._analyser = analyser
        self._prober = prober

    def whole(self, segment: Segment) -> Said | None:
        """A segment that is one thing as a whole, or None."""
        return (
            self._person(segment)
            or self._department(segment)
            or self._issue(segment)
            or self._synonymous(segment, self._prober.variant(segment.text), segment.text)
            or self._loanword(segment)
        )

    def each(self, segment: Segment) -> Iterator[Said]:
        """The words of a segment, the longest that have synonyms first."""
        analysis = self._analyser.analyse(segment.text)
        words, at = analysis.words, 0
        while at < len(words):
            reach, said = self._compound(segment, words, at)
            if said is None:
                token = words[at]
                inside = (token.start, token.end)
                units = tuple(
                    t.term for t in analysis.short if inside[0] <= t.start and t.end <= inside[1]
                )
                said = self._word(segment, token, units)
            yield said
            at += reach

    # -- readers -------------------------------------------------------------------------

    def _person(self, segment: Segment) -> Said | None:
        key = self._vocabulary.key(segment.text)
        latin = romaji_key(key) if key.isascii() else ""
        for person in self._vocabulary.things.people:
            read = person.kana_key and to_hiragana(key) == person.kana_key
            if key in person.keys or read or (latin and latin in person.romaji_keys):
                spellings = tuple(dict.fromkeys((segment.text, person.name, *person.keys)))
                variants = tuple(self._prober.variant(spelling) for spelling in spellings)
                plain = key == self._vocabulary.key(person.name)
                kind, label = ("", "") if plain else ("person", "人の名前")
                return Said(segment, variants, kind, label, (person.name,))
        return None

    def _department(self, segment: Segment) -> Said | None:
        text = segment.text
        functions = functions_of(text)
        known = self._is_known_department(segment)
        if not (known or functions) or (len(functions) == 1 and text == functions[0].label):
            return None
        variants = (
            self._prober.variant(text),
            *self._also(self._synonyms(text)),
            *(
                facet_variant(f.label, Facet.DEPARTMENT, f.value, DEPARTMENT_WEIGHT)
                for f in functions
            ),
        )
        return Said(segment, variants, "department", "同じ役割の部署も")

    def _is_known_department(self, segment: Segment) -> bool:
        return self._vocabulary.key(segment.text) in self._vocabulary.departments

    def _loanword(self, segment: Segment) -> Said | None:
        """A loanword in hiragana, which the analyser takes apart: てれわーく is テレワーク."""
        text = segment.text
        if not _HIRAGANA.fullmatch(text) or len(self._analyser.words(text)) == 1:
            return None
        word = to_katakana(text)
        if not self._analyser.is_common_word(word):
            return None
        also = tuple(self._also(self._synonyms(word)))
        variants = (self._prober.variant(word), *also)
        return Said(segment, variants, "spelling", "も検索")

    def _issue(self, segment: Segment) -> Said | None:
        """A number of a series, however it is written: No10, 第10号, 10号, Vol.10."""
        match = _ISSUE.fullmatch(segment.text)
        if match is None or not (match["before"] or match["after"]):
            return None
        number = int(match["number"])
        if match["after"] is None and match["before"] == "第":
            return None
        spellings = (segment.text, f"No.{number}", f"第{number}号", f"{number}号", f"Vol.{number}")
        variants = {v.probes: v for v in map(self._prober.variant, reversed(spellings))}
        found = tuple(variants.values())[::-1]
        return Said(segment, found, "variant", "号数の書き方の違いも", spellings[1:3])

    def _compound(
        self, segment: Segment, words: tuple[Token, ...], at: int
    ) -> tuple[int, Said | None]:
        """The longest run of words from `at` that the synonyms know as one, and its length."""
        for reach in range(min(LONGEST_TERM, len(words) - at), 1, -1):
            part = segment.part(words[at].start, words[at + reach - 1].end)
            if self._is_known_department(part) and (said := self._department(part)):
                return reach, said
            if said := self._synonymous(part, self._prober.variant(part.text), part.text):
                return reach, said
        return 1, None

    def _word(self, segment: Segment, token: Token, units: tuple[str, ...]) -> Said:
        word = segment.part(token.start, token.end)
        variant = self._prober.token_variant(token, segment.text, units)
        if said := self._department(word):
            return said
        if said := self._synonymous(word, variant, token.term):
            return said
        if self._respelt(word.text, token):
            return Said(word, (variant,), "spelling", "も検索", (token.term,))
        return Said(word, (variant,))

    def _synonymous(self, word: Segment, own: Variant, term: str) -> Said | None:
        """A word with its synonyms, and with the documents of the kind that it names."""
        synonyms = self._synonyms(word.text, term)
        filed = self._kind(word.text)
        variants = (own, *self._also(synonyms), *filed)
        if synonyms:
            words = tuple(synonym.word for synonym in synonyms)
            return Said(word, variants, "synonym", synonyms[0].relation.label, words)
        if filed:
            return Said(word, variants, "kind", "この種類の資料も", (filed[0].surface,))
        return None

    # -- what they say -------------------------------------------------------------------

    def _kind(self, text: str) -> tuple[Variant, ...]:
        kind = KIND_OF.get(text)
        if kind is None:
            return ()
        return (facet_variant(kind.label, Facet.KIND, kind.value, KIND_WEIGHT),)

    def _synonyms(self, *words: str) -> tuple[Synonym, ...]:
        table, key = self._vocabulary.synonyms, self._vocabulary.key
        found = (synonym for word in words for synonym in table.get(key(word), ()))
        return tuple(dict.fromkeys(found))[:MOST_SYNONYMS]

    def _also(self, synonyms: tuple[Synonym, ...]) -> Iterator[Variant]:
        for synonym in synonyms:
            yield self._prober.variant(synonym.word, SYNONYM_WEIGHTS[synonym.relation])

    def _respelt(self, surface: str, token: Token) -> bool:
        """Whether the word is looked up under a spelling the reader would not recognise."""
        key = self._vocabulary.key
        return key(surface) != token.term and not token.term.startswith(key(surface)[:1])
