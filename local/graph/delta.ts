import { expireCursorHeader } from '../serving/service';
import type { WireReply } from '../serving/wire';
import { type Call, type Json, reply } from './call';
import { type Chain, type ChainOptions, chainOf, openChain, readToken, type Token, writeToken } from './delta-chain';
import type { Change, Feed } from './feed';
import type { ShelfKind } from './mailbox';

/** One folder, list or window as delta reads it. */
export interface DeltaSource {
  readonly kind: ShelfKind;
  /** Names what a token may be used for. */
  readonly scope: string;
  readonly feed: Feed;
  /** Such as `event`. */
  readonly type: string;
  /** Reads the options of a round's first request and refuses those that delta does not take. */
  open(): ChainOptions;
  /** Whether the item is in the folder, the list or the window now. */
  has(key: number, options: ChainOptions): boolean;
  /** What is told of the item: for a series also of its dates. `isNews` says that it changed after the chain was opened. */
  show(key: number, options: ChainOptions, isNews: boolean): Json[];
}

/**
 * Answers a delta request. Every answer is a new generation of its chain, and only the three newest are accepted; a page ends with exactly one of
 * nextLink and deltaLink (Graph delta query docs, and public captures of expired links).
 */
export function deltaReply(call: Call, source: DeltaSource): WireReply {
  const { exchange, mailbox } = call;
  const text = call.query.get('$skiptoken') || call.query.get('$deltatoken');
  const given = text === undefined || text === '' ? undefined : readToken(text);
  const chain = given === undefined ? opened(call, source) : chainOf(mailbox, exchange, given, source.scope, expires(call), call.origin);
  const token = given ?? { chain: chain.id, generation: 0, place: 0, opened: false };

  const { switches } = exchange;
  if (switches.emptyPages && !token.opened) return answer(call, source, chain, { ...token, opened: true }, [], true);
  const page = readPage(call, source, chain, token.place);
  const replayed = switches.replays && given !== undefined ? replay(source, chain, token.place) : [];
  const unchanged = page.place === token.place && token.generation === chain.generation && given !== undefined;
  if (unchanged && !switches.emptyAnswerAdvances) chain.generation -= 1;
  const inOrder = switches.deltaOrder === 'oldestFirst' ? page.changes : page.changes.toReversed();
  const value = [...replayed, ...inOrder].flatMap((change) => show(call, source, chain, change));
  return answer(call, source, chain, { ...token, place: page.place, opened: page.more }, value, page.more);
}

function opened(call: Call, source: DeltaSource): Chain {
  const openedWith = call.request.url.pathname + call.request.url.search.replace(/[?&](\$|%24)deltatoken=(?=&|$)/, '');
  return openChain(call.exchange, call.mailbox, source.scope, openedWith, source.open());
}

function expires(call: Call): boolean {
  return call.request.headers[expireCursorHeader] !== undefined;
}

/** The next changes to report, and whether there are more behind them. */
function readPage(call: Call, source: DeltaSource, chain: Chain, from: number): { changes: Change[]; place: number; more: boolean } {
  const size = call.prefer.pageSize ?? chain.options.top ?? 10;
  const changes: Change[] = [];
  let place = from;
  const known = call.exchange.now() - call.exchange.switches.deltaLagMs;
  for (const change of source.feed.after(from)) {
    if (change.when > known) break;
    const reported = change.at > chain.openedAt || source.has(change.key, chain.options);
    if (reported && changes.length === size) return { changes, place, more: true };
    if (reported) changes.push(change);
    place = change.at;
  }
  return { changes, place, more: false };
}

function replay(source: DeltaSource, chain: Chain, place: number): Change[] {
  for (const change of source.feed.upTo(place)) if (source.has(change.key, chain.options)) return [change];
  return [];
}

function show(call: Call, source: DeltaSource, chain: Chain, change: Change): Json[] {
  const type = `#microsoft.graph.${source.type}`;
  if (!source.has(change.key, chain.options))
    return [{ '@odata.type': type, id: call.mailbox.idOf(source.kind, change, call.prefer.ids), '@removed': { reason: 'deleted' } }];
  const shown = source.show(change.key, chain.options, change.at > chain.openedAt);
  return shown.map((each) => ({ ...each, '@odata.type': type }));
}

function answer(call: Call, source: DeltaSource, chain: Chain, next: Token, value: readonly Json[], more: boolean): WireReply {
  chain.generation += 1;
  const token = writeToken({ ...next, generation: chain.generation });
  const link = `${call.origin}${call.request.url.pathname}?${more ? '$skiptoken' : '$deltatoken'}=${token}`;
  const body = {
    '@odata.context': `${call.origin}/v1.0/$metadata#Collection(${source.type})`,
    value,
    [more ? '@odata.nextLink' : '@odata.deltaLink']: link,
  };
  return reply(call, 200, body, ['odata.track-changes']);
}
