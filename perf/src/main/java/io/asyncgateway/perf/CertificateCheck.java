package io.asyncgateway.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Checks that certificates are replaced under load: files are renamed over those that the server uses, as certbot and its kin do it, while clients make requests, some on
 * connections that they keep and some on a new one each. No request may fail, and a new connection must see the new certificate within two seconds. Needs
 * {@code openssl}. Exits with 1 where a bound is missed.
 */
public final class CertificateCheck {
    private static final int PORT = 18_107;
    private static final List<String> JVM_OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC");
    private static final int REPLACEMENTS = 5;
    private static final int PAUSE_MILLIS = 3_000;
    private static final double WITHIN_SECONDS = 2;

    private CertificateCheck() {}

    /**
     * Runs the check.
     *
     * @param args none
     * @throws IOException if the server can't be started or a certificate can't be made
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("certificates");
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        replace(folder, certificate, key, "first.example");
        boolean met = true;
        try (ServerProcess server = ServerProcess.startOnAll(JVM_OPTIONS, TlsServer.class, PORT, certificate, key);
                TlsClients clients = TlsClients.start(PORT)) {
            Thread.sleep(PAUSE_MILLIS);
            for (int i = 0; i < REPLACEMENTS; i++) {
                String name = "next" + i + ".example";
                replace(folder, certificate, key, name);
                long replaced = System.nanoTime();
                long seen = clients.awaitName(name);
                double seconds = (seen - replaced) / 1e9;
                met &= seconds < WITHIN_SECONDS;
                System.out.printf(Locale.ROOT, "  %s is served after %.2f s%n", name, seconds);
                Thread.sleep(PAUSE_MILLIS);
            }
            clients.stop();
            met &= clients.failures() == 0;
            System.out.printf(Locale.ROOT, "  the server holds %s%n", Memory.of(server));
            System.out.printf(
                    Locale.ROOT,
                    "%s: %,d requests on new connections, %,d on kept ones, %d failed (none), certificates within %.0f s%n",
                    met ? "met" : "MISSED",
                    clients.onNew(),
                    clients.onKept(),
                    clients.failures(),
                    WITHIN_SECONDS);
        }
        System.exit(met ? 0 : 1);
    }

    /** Makes a pair beside the one in use, and renames it over that: first the key, then the certificate. */
    private static void replace(Path folder, Path certificate, Path key, String name)
            throws IOException, InterruptedException {
        Path newKey = folder.resolve("new.key");
        Path newCertificate = folder.resolve("new.cert");
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=" + name,
                        "-addext",
                        "subjectAltName=DNS:" + name,
                        "-keyout",
                        newKey.toString(),
                        "-out",
                        newCertificate.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!openssl.waitFor(30, TimeUnit.SECONDS) || openssl.exitValue() != 0) {
            throw new IOException("openssl has made no certificate");
        }
        Files.move(newKey, key, StandardCopyOption.REPLACE_EXISTING);
        Files.move(newCertificate, certificate, StandardCopyOption.REPLACE_EXISTING);
    }
}
