package web

// MaxExports is the number of exports that may run at once, for the tests.
const MaxExports = maxExports
