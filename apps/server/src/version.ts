/** Version of this package; a test compares it with package.json. */
export const VERSION = '0.0.0';

/** The version of Redis whose behavior is promised, as HELLO and INFO say it. */
export const REDIS_VERSION = '7.2.4';
