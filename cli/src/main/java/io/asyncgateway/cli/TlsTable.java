package io.asyncgateway.cli;

import io.asyncgateway.server.Tls;
import io.asyncgateway.server.TlsProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The options of TLS, under uvicorn's names. */
final class TlsTable {
    private TlsTable() {}

    static List<Option> options() {
        return List.of(
                files(
                        "ssl-certfile",
                        TlsSettings::withCertFiles,
                        "A certificate with those of its issuers, in PEM, or a PKCS#12 file: TLS on every TCP address."
                                + " Repeatable: the first is the default, the others are for the names in them (SNI)."),
                files(
                        "ssl-keyfile",
                        TlsSettings::withKeyFiles,
                        "The private key, in PEM, if it is not in the file of the certificate. One for each."),
                Option.withoutDefault(
                        OptionGroup.TLS,
                        "ssl-keyfile-password",
                        Values.TEXT,
                        (launch, value) -> launch.withTls(tls -> tls.withKeyPassword(value)),
                        "The password of keys or PKCS#12 files; better in the environment than here."),
                of(
                        "ssl-version",
                        Values.TLS_VERSION,
                        TlsSettings::minimum,
                        TlsSettings::withMinimum,
                        "The lowest version of TLS."),
                Option.several(
                        OptionGroup.TLS,
                        "ssl-ciphers",
                        Shape.WORDS,
                        new ValueType<>(
                                "NAME", "the name of a cipher suite", TlsTable::cipher, Function.<String>identity()),
                        (launch, values) -> launch.withTls(tls -> tls.withCiphers(values)),
                        "Cipher suites in order of preference, by their names in the RFCs or in OpenSSL."
                                + " Default: those with forward secrecy and authenticated encryption."),
                of(
                        "ssl-cert-reqs",
                        Values.CERT_REQS,
                        TlsSettings::certReqs,
                        TlsSettings::withCertReqs,
                        "Whether clients show a certificate (mutual TLS)."),
                Option.withoutDefault(
                        OptionGroup.TLS,
                        "ssl-ca-certs",
                        Values.FILE,
                        (launch, value) -> launch.withTls(tls -> tls.withCaCerts(value)),
                        "Who may have signed the clients' certificates, in PEM."),
                of(
                        "ssl-provider",
                        Values.choice(TlsProvider.class),
                        TlsSettings::provider,
                        TlsSettings::withProvider,
                        "The implementation of TLS; auto is OpenSSL where it is there."),
                of(
                        "ssl-handshake-timeout",
                        Values.SECONDS,
                        TlsSettings::handshakeTimeout,
                        TlsSettings::withHandshakeTimeout,
                        "From the opening of a connection to the end of its handshake."),
                of(
                        "ssl-reload-interval",
                        Values.SECONDS_OR_NONE,
                        TlsSettings::reloadInterval,
                        TlsSettings::withReloadInterval,
                        "How often it is looked whether the files have changed; SIGHUP reads them at once."));
    }

    /** The server knows the names. */
    private static String cipher(String name) {
        Tls.of(Path.of("certificate"), Path.of("key")).withCiphers(List.of(name));
        return name;
    }

    private static Option files(String name, BiFunction<TlsSettings, List<Path>, TlsSettings> set, String description) {
        return Option.several(
                OptionGroup.TLS,
                name,
                Shape.LINES,
                Values.FILE,
                (launch, values) -> launch.withTls(tls -> set.apply(tls, values)),
                description);
    }

    private static <T> Option of(
            String name,
            ValueType<T> type,
            Function<TlsSettings, T> get,
            BiFunction<TlsSettings, T, TlsSettings> set,
            String description) {
        return Option.of(
                OptionGroup.TLS,
                name,
                type,
                launch -> get.apply(launch.tls()),
                (launch, value) -> launch.withTls(tls -> set.apply(tls, value)),
                description);
    }
}
