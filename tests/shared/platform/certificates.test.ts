import { AuthorityBundle, certificatesIn, clientCertificateIn } from '../../../shared/platform/certificates';
import { certificates } from '../../local/certificates';

const { authority, otherAuthority, server, serverKey, encryptedKey, elliptic } = certificates;
const ruleOf = (bundle: string): string | undefined => AuthorityBundle.safeParse(bundle).error?.issues[0]?.message;

describe('a bundle of authorities', () => {
  test('is kept without what stands around its certificates', () => {
    const kept = AuthorityBundle.parse(`Contoso's root, ask Lena\r\n${authority}\n# and\n${otherAuthority}`);
    expect(kept).toBe(`${authority.trim()}\n${otherAuthority.trim()}\n`);
    expect(AuthorityBundle.parse(kept)).toBe(kept);
    expect(certificatesIn(kept).map(({ subject }) => subject)).toEqual(['CN=Contoso Test Root', 'CN=Other Test Root']);
    expect(certificatesIn(kept)[0]?.expiresAt).toBeGreaterThan(Date.UTC(2126, 0));
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'is not made of PEM certificates'],
    ['prose', 'trust me', 'is not made of PEM certificates'],
    ['half of a certificate', authority.slice(0, 300), 'is not made of PEM certificates'],
    ['something else in PEM', authority.replaceAll('CERTIFICATE', 'PUBLIC KEY'), 'is not made of PEM certificates'],
    ['a certificate that is damaged', authority.replace(/\n(.{10})/, '\nAAAAAAAAAA'), 'has a certificate that cannot be read: number 1'],
    ["a server's certificate", `${authority}${server}`, "has a certificate that is no authority's: number 2"],
    ['a private key', `${authority}${serverKey}`, 'holds a private key, which belongs to nobody else'],
    ['an encrypted private key', `${authority}${encryptedKey}`, 'holds a private key, which belongs to nobody else'],
    ['more certificates than anybody has', authority.repeat(51), 'has more than 50 certificates'],
  ])('of %s is refused', (_, bundle, rule) => expect(ruleOf(bundle)).toBe(rule));
});

describe('a certificate that proves who signs in', () => {
  test('comes first in what is kept, with its key before it, whatever order it came in', () => {
    for (const pem of [server + serverKey, serverKey + server, `${authority}${server}\nnotes\n${serverKey}`]) {
      const read = clientCertificateIn(pem);
      if (typeof read === 'string') throw new Error(read);
      expect(read.pem.startsWith(serverKey.trim())).toBe(true);
      expect(read.pem).toContain(server.trim());
      expect(read.pem).not.toContain('notes');
      expect(read.expiresAt).toBeGreaterThan(Date.UTC(2126, 0));
    }
  });

  test.each<[string, string, string]>([
    ['prose', 'trust me', 'holds no certificate'],
    ['a certificate alone', server, 'holds no private key'],
    ['an encrypted key', server + encryptedKey, 'has a key that is encrypted or cannot be read'],
    ['a damaged key', server + serverKey.replace(/\n(.{10})/, '\nAAAAAAAAAA'), 'has a key that is encrypted or cannot be read'],
    ['a key that is not RSA', elliptic, 'has a key that is not RSA of at least 2048 bits'],
    ['a damaged certificate', server.replace(/\n(.{10})/, '\nAAAAAAAAAA') + serverKey, 'has a certificate that cannot be read'],
    ['a key of another certificate', authority + serverKey, 'has a key of another certificate'],
  ])('is not %s', (_, pem, fault) => expect(clientCertificateIn(pem)).toBe(fault));
});
