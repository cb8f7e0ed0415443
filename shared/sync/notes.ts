import { htmlOfText, isHtml, normalHtml } from '../model/rich-text';
import { normalText, type Side } from '../model/values';

/** When each side last changed, UTC ms. */
export interface NoteTimes {
  readonly dynamics: number;
  readonly exchange: number;
}

/** What the columns for notes of tasks, contacts and appointments hold at least; kept texts that would not fit are not put together. */
const mostCharacters = 2_000;

const names: Readonly<Record<Side, string>> = { dynamics: 'Dynamics 365', exchange: 'Outlook' };

/**
 * Two texts as one: the winner's, then a line that says whose and of which day (UTC) the other one is, then the other. Where one holds all that the other says,
 * it stands alone, so that putting together again repeats nothing. Null where they would not fit.
 */
export function bothNotes(winner: string, loser: string, side: Side, at: number): string | null {
  const [first, second] = [normalText(winner) ?? '', normalText(loser) ?? ''];
  if (holds(first, second)) return first;
  if (holds(second, first)) return second;
  const day = new Date(at).toISOString().slice(0, 10);
  const both = `${first}\n\n--- ${names[side]}, ${day} ---\n${second}`;
  return both.length > mostCharacters ? null : both;
}

/** The same of texts that may be HTML: where either is, both together are. */
export function bothRichNotes(winner: string, loser: string, side: Side, at: number): string | null {
  if (!isHtml(winner) && !isHtml(loser)) return bothNotes(winner, loser, side, at);
  const [first, second] = [winner, loser].map((text) => (isHtml(text) ? text : htmlOfText(text)));
  if (first === undefined || second === undefined || first.includes(second)) return winner;
  if (second.includes(first)) return loser;
  const day = new Date(at).toISOString().slice(0, 10);
  const both = normalHtml(`${first}<p>--- ${names[side]}, ${day} ---</p>${second}`);
  return both === null || both.length > mostCharacters ? null : both;
}

/** True where the lines of the one stand in the other, whole and in one piece. */
function holds(text: string, part: string): boolean {
  return part === '' || `\n${text}\n`.includes(`\n${part}\n`);
}
