package io.asyncgateway.api;

/** The one rule of mounting: a root path is a prefix of the path that ends at the border of a segment. */
final class RootPaths {
    private RootPaths() {}

    static void check(String rootPath, String path) {
        if (rootPath.isEmpty()) {
            return;
        }
        boolean prefix = rootPath.charAt(0) == '/'
                && !rootPath.endsWith("/")
                && path.startsWith(rootPath)
                && (path.length() == rootPath.length() || path.charAt(rootPath.length()) == '/');
        if (!prefix) {
            throw new IllegalArgumentException("rootPath: " + rootPath
                    + " (expected: empty, or a prefix of the path " + path
                    + " that begins with / and ends at the border of a segment)");
        }
    }
}
