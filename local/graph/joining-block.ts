import type { EventFields } from './event-item';
import { appendHtml } from './html';

/** The link by which people join an online meeting. */
export function joinUrlOf({ uid }: { readonly uid: string }): string {
  return `https://teams.microsoft.com/l/meetup-join/${encodeURIComponent(uid)}/0?context=%7b%22Tid%22%3a%22t%22%7d`;
}

const line = '_'.repeat(80);
const separator = `<div aria-hidden="true" style="margin-bottom:24px; overflow:hidden; white-space:nowrap">\r\n${line}</div>`;

/**
 * An event whose organizer has just made it an online meeting: Teams puts its block below the body. One whose body has lost the block by a write is an online
 * meeting no more (update event docs).
 */
export function withJoiningBlock<T extends EventFields & { readonly uid: string }>(event: T, before: EventFields | null): T {
  if (!event.isOnlineMeeting) return event;
  if (before?.isOnlineMeeting !== true) return { ...event, body: appendHtml(event.body, blockOf(event)) };
  return event.body.content.includes(shown(joinUrlOf(event))) ? event : { ...event, isOnlineMeeting: false };
}

function blockOf(event: { readonly uid: string }): string {
  const url = shown(joinUrlOf(event));
  return [
    '<br>',
    '<div class="me-email-text" lang="en-US" style="max-width:1024px; color:#242424; font-family:\'Segoe UI\',sans-serif">',
    separator,
    '<div style="margin-bottom:12px"><span class="me-email-text" style="font-size:24px; font-weight:700">Microsoft Teams</span>',
    '<a href="https://aka.ms/JoinTeamsMeeting?omkt=en-US" id="meet_invite_block.action.help" class="me-email-link">Need help?</a> </div>',
    `<div style="margin-bottom:6px"><a href="${url}" id="meet_invite_block.action.join_link" class="me-email-headline">Join the meeting now</a> </div>`,
    '<div style="margin-bottom:6px"><span style="color:#616161">Meeting ID: </span><span>123 456 789</span></div>',
    '<div style="margin-bottom:12px"><hr style="border:0; background:#616161; height:1px"></div>',
    '<div><span>For organizers: </span><a href="https://teams.microsoft.com/meetingOptions/?organizerId=o&amp;tenantId=t">Meeting options</a></div>',
    separator,
    '</div>',
  ].join('\r\n');
}

function shown(url: string): string {
  return url.replaceAll('&', '&amp;');
}
