/** More matches than this are not told apart by how well they fit: their words are everywhere. */
export const maxRanked = 20_000;

/** How much more a word in the ref or title says than one in the text. */
export const headWeight = 10;

/** What each word (or quoted words) in ref and title counts; above any score of number and place in the text. At most 24 of them are searched for. */
export const titleScore = 50_000_000;
