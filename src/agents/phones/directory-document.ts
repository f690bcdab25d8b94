import type { KnownPhone } from './accounts.ts';

/** The answer to mod_xml_curl about one telephone; undefined is «not found». See docs/protocol/directory.md. */
export function directoryDocument(domain: string, phone: KnownPhone | undefined): string {
  if (phone === undefined) return document('result', '<result status="not found"/>');
  const { username, ha1, callerNumber } = phone;
  const number = callerNumber ?? username;
  return document(
    'directory',
    `<domain name="${escaped(domain)}"><user id="${escaped(username)}"><params>` +
      `<param name="a1-hash" value="${ha1}"/>` +
      '<param name="dial-string" value="${sofia_contact(*/${dialed_user}@${dialed_domain})}"/>' +
      '</params><variables>' +
      variable('user_context', 'agents') +
      variable('effective_caller_id_number', number) +
      '</variables></user></domain>',
  );
}

function document(section: string, inner: string): string {
  return `<document type="freeswitch/xml"><section name="${section}">${inner}</section></document>`;
}

function variable(name: string, value: string): string {
  return `<variable name="${name}" value="${escaped(value)}"/>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
