package io.asyncgateway.server;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.DomainWildcardMappingBuilder;
import io.netty.util.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that handshakes get, by the host name that the client asks for, and their renewal when the files change. A handshake that has begun keeps
 * what it got. {@link #forName} is safe for use from any thread; loading blocks and is not for event loops.
 */
final class TlsContexts {
    private static final Logger LOG = LoggerFactory.getLogger("io.asyncgateway.server");

    private final Tls config;
    private final List<String> protocols;
    private final List<Path> files;
    private final @Nullable QuicMaker quic;
    private volatile Loaded current;
    private List<FileStamp> seen;

    /** Makes the context of another implementation, whose types are not everybody's, from the same certificates. */
    interface QuicMaker {
        Object make(ServerIdentity identity);
    }

    private record Loaded(
            Mapping<String, SslContext> tcp, @Nullable Mapping<String, Object> quic) {}

    private TlsContexts(Tls config, List<String> protocols, @Nullable QuicMaker quic) {
        this.config = config;
        this.quic = quic;
        this.protocols = List.copyOf(protocols);
        this.files = files(config);
        this.seen = stamps();
        this.current = load();
    }

    /**
     * Reads the files.
     *
     * @param protocols for ALPN (RFC 7301), in the server's order of preference
     * @param quic what is made for QUIC, or {@code null} where that is not spoken
     * @throws ServerException if they are not good
     */
    static TlsContexts load(Tls config, List<String> protocols, @Nullable QuicMaker quic) {
        try {
            return new TlsContexts(config, protocols, quic);
        } catch (TlsException failure) {
            throw new ServerException(String.valueOf(failure.getMessage()), failure);
        }
    }

    private static List<Path> files(Tls config) {
        return Stream.concat(
                        config.certificates().stream()
                                .flatMap(certificate -> Stream.of(certificate.certificate(), certificate.key())),
                        Stream.of(config.certificateAuthorities()))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** What is shown to a client that asks for this name, or for none. */
    SslContext forName(@Nullable String name) {
        // A name that is not there has the default, as "" has.
        return current.tcp.map(name == null ? "" : name);
    }

    /** The same for QUIC, as it was made. */
    Object quicForName(@Nullable String name) {
        Mapping<String, Object> contexts = current.quic;
        if (contexts == null) {
            throw new IllegalStateException("loaded without QUIC");
        }
        return contexts.map(name == null ? "" : name);
    }

    /** Reads the files again if one of them is another than when it was read last. */
    synchronized void reloadIfChanged() {
        if (!stamps().equals(seen)) {
            reload();
        }
    }

    /** Reads the files again; what was there before stays where they are not good. */
    synchronized boolean reload() {
        seen = stamps(); // before the reading: a change meanwhile is seen the next time
        try {
            current = load();
            LOG.info("tls: certificates reloaded");
            return true;
        } catch (TlsException failure) {
            LOG.error("certificates not reloaded, the old ones stay: {}", failure.getMessage());
            return false;
        }
    }

    private Loaded load() {
        List<X509Certificate> authorities = authorities();
        List<ServerIdentity> identities =
                config.certificates().stream().map(ServerIdentity::read).toList();
        QuicMaker maker = quic;
        return new Loaded(
                byName(identities, identity -> context(identity, authorities)),
                maker == null ? null : byName(identities, maker::make));
    }

    private static <C> Mapping<String, C> byName(List<ServerIdentity> identities, Function<ServerIdentity, C> maker) {
        List<C> contexts = identities.stream().map(maker).toList();
        DomainWildcardMappingBuilder<C> byName = new DomainWildcardMappingBuilder<>(contexts.get(0));
        Set<String> named = new HashSet<>();
        for (int i = 0; i < contexts.size(); i++) {
            for (String name : identities.get(i).hostNames()) {
                if (named.add(name)) {
                    byName.add(name, contexts.get(i));
                }
            }
        }
        return byName.build();
    }

    private List<X509Certificate> authorities() {
        Path file = config.certificateAuthorities();
        if (file == null) {
            if (config.clientAuthentication() != ClientAuthentication.NONE) {
                throw new TlsException(
                        "tls: no certificate authorities for the clients' certificates that are asked for", null);
            }
            return List.of();
        }
        List<X509Certificate> authorities = PemFile.read(file, null).certificates();
        if (authorities.isEmpty()) {
            throw new TlsException(file, "no certificate (expected: PEM)", null);
        }
        return authorities;
    }

    private SslContext context(ServerIdentity identity, List<X509Certificate> authorities) {
        SslContextBuilder builder = SslContextBuilder.forServer(
                        identity.key(), identity.chain().toArray(X509Certificate[]::new))
                .sslProvider(provider())
                .protocols(Arrays.stream(TlsVersion.values())
                        .filter(version -> version.compareTo(config.minimum()) >= 0)
                        .map(TlsVersion::standardName)
                        .toArray(String[]::new))
                .ciphers(config.ciphers(), SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        protocols))
                .clientAuth(
                        switch (config.clientAuthentication()) {
                            case NONE -> ClientAuth.NONE;
                            case OPTIONAL -> ClientAuth.OPTIONAL;
                            case REQUIRED -> ClientAuth.REQUIRE;
                        });
        if (!authorities.isEmpty()) {
            builder.trustManager(authorities.toArray(X509Certificate[]::new));
        }
        try {
            return builder.build();
        } catch (SSLException | IllegalArgumentException failure) {
            throw new TlsException("tls: " + failure.getMessage(), failure);
        }
    }

    private SslProvider provider() {
        return switch (config.provider()) {
            case AUTO -> OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
            case JDK -> SslProvider.JDK;
            case OPENSSL -> {
                Throwable cause = OpenSsl.unavailabilityCause();
                if (cause != null) {
                    throw new TlsException(
                            "tls: OpenSSL is not available (expected: netty-tcnative on the class path): "
                                    + cause.getMessage(),
                            cause);
                }
                yield SslProvider.OPENSSL;
            }
        };
    }

    /** What tells a file from the one that was in its place before. */
    private record FileStamp(
            Path file, long modified, long size, @Nullable Object key) {
        static FileStamp of(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new FileStamp(
                        file, attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey());
            } catch (IOException missing) {
                return new FileStamp(file, 0, -1, null);
            }
        }
    }

    private List<FileStamp> stamps() {
        List<FileStamp> stamps = new ArrayList<>(files.size());
        for (Path file : files) {
            stamps.add(FileStamp.of(file));
        }
        return stamps;
    }
}
