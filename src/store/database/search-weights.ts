/** Above this number of matches there is no ranking: their words are everywhere. */
export const maxRanked = 20_000;

/** The weight of a word in the ref or title, relative to one in the text. */
export const headWeight = 10;

/** The score of each word (or quoted phrase) in ref and title; higher than any score from the text. A search uses at most 24 of them. */
export const titleScore = 50_000_000;
