import { cachedTokens, type GrantedToken } from '../../../shared/auth/token-source';

function counting(lifetimeMs: number) {
  const clock = { at: 0, now: () => clock.at, sleep: async () => undefined };
  const asked: string[] = [];
  let failing = false;
  const grant = async (scope: string): Promise<GrantedToken> => {
    asked.push(scope);
    if (failing) throw new Error('no');
    return { token: `${scope}#${asked.length}`, expiresAt: clock.at + lifetimeMs };
  };
  const fail = (on: boolean) => {
    failing = on;
  };
  return { clock, asked, source: cachedTokens(grant, clock), fail };
}

const minute = 60_000;

describe('tokens of the application', () => {
  test('callers at the same time share one request, and each scope has its own token', async () => {
    const { asked, source } = counting(60 * minute);
    const tokens = await Promise.all(['a', 'a', 'b', 'a'].map((scope) => source.token(scope)));
    expect(asked).toEqual(['a', 'b']);
    expect(tokens).toEqual(['a#1', 'a#1', 'b#2', 'a#1']);
  });

  test('a token is kept until five minutes before it ends', async () => {
    const { clock, asked, source } = counting(60 * minute);
    await source.token('a');
    clock.at = 55 * minute - 1;
    await source.token('a');
    expect(asked).toHaveLength(1);
    clock.at = 55 * minute;
    expect(await source.token('a')).toBe('a#2');
  });

  test('a token that lives for a moment only is still used twice', async () => {
    const { clock, asked, source } = counting(minute);
    await source.token('a');
    clock.at = minute / 2 - 1;
    await source.token('a');
    expect(asked).toHaveLength(1);
  });

  test('a failure is not kept', async () => {
    const { asked, source, fail } = counting(60 * minute);
    fail(true);
    await expect(source.token('a')).rejects.toThrow('no');
    fail(false);
    expect(await source.token('a')).toBe('a#2');
    expect(asked).toHaveLength(2);
  });

  test("Azure's libraries get the same tokens, with their end", async () => {
    const { source } = counting(60 * minute);
    const token = await source.token('a');
    expect(await source.asTokenCredential().getToken(['a'])).toEqual({ token, expiresOnTimestamp: 60 * minute });
  });
});
