// Node wants the ending of a file that a bundler finds without.
export function resolve(specifier, context, next) {
  return next(/^\.\/\w+$/.test(specifier) ? `${specifier}.js` : specifier, context);
}
