package io.asyncgateway.cli;

/** The line of {@code --version}. */
final class Version {
    private Version() {}

    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return "async-gateway " + (version == null ? "(not packaged)" : version) + " with Java "
                + System.getProperty("java.version") + " on " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch");
    }
}
