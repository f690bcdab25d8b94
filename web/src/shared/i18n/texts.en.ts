import type { texts as zh } from './texts.zh-CN.ts';

export const texts: Readonly<Record<keyof typeof zh, string>> = {
  'problem.request.invalid':
    'Something is missing or has the wrong format; check it and try again.',
  'problem.request.encoded': 'Compressed requests are not accepted; reload the page and try again.',
  'problem.request.bad_json': 'What was sent cannot be read; reload the page and try again.',
  'problem.session.not_found': 'This session is over.',
  'problem.request.unchanged': 'Nothing has changed, so there was nothing to save.',
  'problem.http.413': 'This is too large to send.',
  'problem.http.429': 'Too many requests; wait a moment and try again.',
  'problem.network': 'Cannot reach the service; check the network and try again.',
  'problem.server': 'Something went wrong on the server; try again in a moment.',
  'problem.other': 'That did not work; reload the page and try again.',
  'problem.session.wrong_credentials': 'The username or password is wrong.',
  'problem.session.locked': 'Too many failed attempts; wait a moment and try again.',
  'problem.request.unknown_host':
    'The system is not set up for this address; use its usual address, or have HTTP_NAMES name this one.',
  'problem.request.foreign_origin':
    'The request did not come from a page of this system; reload the page.',
  'problem.session.code_required': 'Enter the one-time code.',
  'problem.session.missing': 'Your session has ended; log in again.',
  'problem.permission.missing': 'Your role does not allow this.',
  'problem.http.404': 'This is not available yet.',
  'problem.permission.all_sites':
    'This applies to all estates; only somebody who sees all of them changes it.',
  'problem.permission.site': 'You may not see this estate.',
  'problem.session.wrong_code': 'The code is wrong or was used; wait for the next one.',
  'problem.db.unavailable': 'The database cannot be reached; try again in a moment.',
  'problem.service.standby':
    'Another service drives the telephone switch now, or it was not reached yet. Please try again in a moment.',
  'problem.secrets.unreadable':
    'The secret of the second factor cannot be read; ask an administrator to remove it.',
  'app.name': 'Lingting',
  'app.tagline': 'Contact centre for property companies',
  'state.failed': 'Could not load this',
  'state.partFailed': 'This part could not be displayed. Calls are not affected.',
  'state.missing': 'Not found',
  'state.retry': 'Try again',
  'state.noPage': 'Page not found',
  'state.home': 'Go to the home page',
  'list.more': 'Load more',
  'list.count': '{count} rows',
  'list.countMore': '{count} rows, more below',
  'list.columns': 'Columns',
  'list.export': 'Export',
  'list.exportPart': 'Exported the first {count} rows only.',
  'list.sortedPart': 'Sorted among the newest {count} rows only.',
  'list.actions': 'Actions',
  'form.already': 'Already done; nothing to do.',
  'login.username': 'Username',
  'login.password': 'Password',
  'login.passwordMissing': 'Enter your password',
};
