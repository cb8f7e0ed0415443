import type { Scene } from '../scene';

/**
 * Promise 2: nobody got mail that the settings do not ask for. What people caused with their own hands is theirs. Where Tandem may invite, each mailing goes to
 * people whom somebody has asked to come, and there is no more than one for each time that somebody touched a meeting.
 */
export function mailWrongs(scene: Scene): string[] {
  const byTandem = scene.mail().filter((_entry, at) => !scene.ownMail.has(at));
  if (scene.everSet.get('attendeeMail')?.has('"invite"') !== true)
    return byTandem.length === 0 ? [] : [`promise 2: ${byTandem.length} mailings that nobody asked for`];
  const meetings = [...scene.ledger.entries.values()].filter(({ entity }) => entity === 'appointment');
  const most = meetings.reduce((sum, { edits, touches }) => sum + edits.length + touches, 0);
  const strangers = byTandem.flatMap(({ to }) => to).filter((address) => !scene.ledger.values.has(address));
  return [
    ...strangers.map((address) => `promise 2: ${address} got mail, whom nobody asked to come`),
    ...(byTandem.length > most ? [`promise 2: ${byTandem.length} mailings, where people touched meetings ${most} times`] : []),
  ];
}
