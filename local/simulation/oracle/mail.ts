import type { Scene } from '../scene';

/** Promise 2: nobody got mail that the settings do not ask for; what people caused with their own hands is theirs. */
export function mailWrongs(scene: Scene): string[] {
  if (scene.everSet.get('attendeeMail')?.has('"invite"') === true) return [];
  const byTandem = scene.mail().length - scene.ownMail;
  return byTandem === 0 ? [] : [`promise 2: ${byTandem} mailings that nobody asked for`];
}
