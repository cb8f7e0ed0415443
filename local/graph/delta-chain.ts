import { badUri, GraphFailure } from './errors';
import type { Exchange } from './exchange';
import type { Mailbox } from './mailbox';

/** What a round was opened with; every later link of the chain carries it inside its token. */
export interface ChainOptions {
  /** The calendar window in ms, for calendarView. */
  readonly window?: { readonly from: number; readonly to: number };
  readonly select?: readonly string[];
  readonly expandLinkedResources?: boolean;
  /** Messages received earlier are left out, ms. */
  readonly receivedFrom?: number;
  /** The page size that `$top` asked for. */
  readonly top?: number;
}

/** One delta chain: everything that was answered since one round was opened on one folder or window. */
export interface Chain {
  readonly id: string;
  /** The folder it reads, such as `contact:1`. */
  readonly scope: string;
  /** The newest change when it was opened: what was gone by then was never reported. */
  readonly openedAt: number;
  /** The path and query it was opened with, for the `Location` of a reset. */
  readonly openedWith: string;
  readonly options: ChainOptions;
  /** How many answers it gave; each is a generation. */
  generation: number;
  expired: boolean;
}

/** What a link carries: where the next answer starts, and which answer gave it out. */
export interface Token {
  readonly chain: string;
  readonly generation: number;
  /** The place in the mailbox's sequence of changes up to which everything was reported. */
  readonly place: number;
  /** Whether the empty page that may open a round was already answered. */
  readonly opened: boolean;
}

/** Exchange keeps this many generations of a chain; an older link is refused. */
const generationsKept = 3;
/** How many chains a mailbox remembers; the one that was opened first goes first. */
const chainsKept = 256;

export function openChain(exchange: Exchange, mailbox: Mailbox, scope: string, openedWith: string, options: ChainOptions): Chain {
  const chain = { id: exchange.nextChainId(), scope, openedAt: mailbox.newest, openedWith, options, generation: 0, expired: false };
  mailbox.chains.set(chain.id, chain);
  const [oldest] = mailbox.chains.keys();
  if (mailbox.chains.size > chainsKept && oldest !== undefined) mailbox.chains.delete(oldest);
  return chain;
}

export function writeToken(token: Token): string {
  const plain = [token.chain, token.generation, token.place, token.opened ? 1 : 0].join('|');
  return Buffer.from(`LztZwWjo5|${plain}|IivU`, 'latin1').toString('base64url');
}

export function readToken(text: string): Token {
  const parts = Buffer.from(text, 'base64url').toString('latin1').split('|');
  const [, chain = '', generation, place, opened] = parts;
  const token = { chain, generation: Number(generation), place: Number(place), opened: opened === '1' };
  if (parts.length !== 6 || writeToken(token) !== text) throw badUri('Badly formed token.');
  return token;
}

/** The chain of a token, or 410 where the server no longer has what the token stands for. */
export function chainOf(mailbox: Mailbox, exchange: Exchange, token: Token, scope: string, expire: boolean, origin: string): Chain {
  const chain = mailbox.chains.get(token.chain);
  if (chain === undefined) throw gone(token.generation, token.generation + generationsKept);
  if (chain.scope !== scope) throw badUri('The token was given out for another resource.');
  const forgotten = token.generation <= chain.generation - generationsKept;
  if (!forgotten && !expire && !chain.expired) return chain;
  if (exchange.switches.expiry === 'syncStateNotFound') throw gone(token.generation, Math.max(chain.generation, token.generation));
  const separator = chain.openedWith.includes('?') ? '&' : '?';
  throw new GraphFailure(410, 'resyncRequired', 'Resync is required.', {
    headers: { location: `${origin}${chain.openedWith}${separator}$deltatoken=` },
  });
}

/** The refusal as it was captured in public reports: the kept generations stand in the slots of a ring. */
function gone(generation: number, highest: number): GraphFailure {
  const kept = Array.from({ length: generationsKept }, (_, back) => highest - back).filter((each) => each > 0);
  const slots = kept.sort((left, right) => ((left - 1) % generationsKept) - ((right - 1) % generationsKept));
  const list = slots.map((each) => `[${each}]`).join('');
  const message = `The sync state generation is not found; generation=${generation};[highest=${highest}]${list}.`;
  return new GraphFailure(410, 'SyncStateNotFound', message);
}
