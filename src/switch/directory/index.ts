/**
 * Who may register at the embedded switch: users of its own settings, and those of the service, asked
 * for as FreeSWITCH's mod_xml_curl asks. It knows nothing of SIP.
 */
export { createDirectory, type DirectoryOptions } from './directory.ts';
export { noDirectory } from './none.ts';
