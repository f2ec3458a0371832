package io.asyncgateway.websocket.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.websocket.channel.ChannelFullException;
import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.channel.ChannelLayerOptions;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.History;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of the URI against real servers: password, TLS, Sentinel. Of a Cluster see {@link RedisClusterChannelLayerTest}. */
class RedisAddressesTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static ByteBuffer bytes(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    private static Redis connect(RedisOptions options) {
        return Redis.connect(options.withReconnectDelay(Duration.ofMillis(200))).block(SOON);
    }

    /** What one node sends to a group the other one gets. */
    private static void assertCarries(RedisOptions options) {
        Redis one = connect(options);
        Redis other = connect(options);
        try {
            ChannelLayer sender =
                    one.channelLayer(ChannelLayerOptions.defaults()).block(SOON);
            ChannelLayer receiver =
                    other.channelLayer(ChannelLayerOptions.defaults()).block(SOON);
            String channel = receiver.newChannel();
            receiver.groupAdd("group", channel).block(SOON);
            sender.groupSend("group", bytes("hello")).block(SOON);

            assertThat(receiver.receive(channel).block(SOON)).isEqualTo(bytes("hello"));
        } finally {
            one.close().block(SOON);
            other.close().block(SOON);
        }
    }

    @Test
    void aPasswordAndADatabaseStandInTheUri() {
        try (RedisServer server = RedisServer.start("--requirepass", "p@ss/word")) {
            assertCarries(RedisOptions.of("redis://:p%40ss%2Fword@127.0.0.1:" + server.port() + "/3"));
        }
    }

    @Test
    void theRightsThatTheDocumentationNamesAreEnough() throws Exception {
        String page = Files.readString(Path.of("../docs/channel-layers.md"));
        Matcher rights =
                Pattern.compile("\\*\\*Rights \\(ACL\\)\\*\\*: `([^`]+)`").matcher(page);
        assertThat(rights.find()).isTrue();
        List<String> words = new ArrayList<>(
                List.of("ACL", "SETUSER", "app", "on", ">secret", "~asyncgateway:*", "&asyncgateway:*"));
        words.addAll(List.of(rights.group(1).split(" ")));
        try (RedisServer server = RedisServer.start()) {
            assertThat(server.command(words.toArray(String[]::new))).startsWith("+OK");
            RedisOptions options = RedisOptions.of("redis://app:secret@127.0.0.1:" + server.port());

            assertCarries(options);
            Redis redis = connect(options);
            ChannelLayer layer = redis.channelLayer(
                            ChannelLayerOptions.defaults().withCapacity(1))
                    .block(SOON);
            layer.send("shared", bytes("taken")).block(SOON);
            assertThatThrownBy(() -> layer.send("shared", bytes("too much")).block(SOON))
                    .isInstanceOf(ChannelFullException.class);
            assertThat(layer.receive("shared").block(SOON)).isEqualTo(bytes("taken"));
            History history = redis.history(RedisHistoryOptions.defaults().withMaxEntries(1));
            history.append("room", bytes("one")).block(SOON);
            EntryId two = history.append("room", bytes("two")).block(SOON);
            await().atMost(SOON).until(() -> !history.range("room", EntryId.ZERO, two, 9)
                    .block(SOON)
                    .complete());
            redis.close().block(SOON);
            assertThat(server.command("ACL", "LOG")).startsWith("*0");
        }
    }

    @Test
    void aWrongPasswordIsSaidAtOnceAndNotRepeated() {
        try (RedisServer server = RedisServer.start("--requirepass", "right")) {
            RedisOptions options = RedisOptions.of("redis://:wrong-secret@127.0.0.1:" + server.port())
                    .withConnectTimeout(Duration.ofSeconds(1))
                    .withCommandTimeout(Duration.ofSeconds(1));

            assertThatThrownBy(() -> connect(options))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("redis://***@127.0.0.1:" + server.port())
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("wrong-secret");
        }
    }

    @Test
    void whereNobodyListensTheConnectFailsInTime() {
        RedisOptions options = RedisOptions.of("redis://127.0.0.1:" + RedisServer.freePort())
                .withConnectTimeout(Duration.ofMillis(300))
                .withCommandTimeout(Duration.ofMillis(300));

        assertThatThrownBy(() -> connect(options))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("can't be reached")
                .hasMessageContaining("Connection refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1",
                "redis://",
                "redis://127.0.0.1,127.0.0.2",
                "redis-sentinel://127.0.0.1:26379",
                "redis://:secret@127.0.0.1:port"
            })
    void aUriThatIsNoneIsRefusedWithoutItsPassword(String uri) {
        assertThatThrownBy(() -> connect(RedisOptions.of(uri)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("redis: " + uri.replace(":secret@", "***@"))
                .hasMessageContaining("expected: redis://host:port/database")
                .hasMessageNotContaining("secret");
    }

    @Test
    void overTlsTheCertificateIsChecked(@TempDir Path folder) throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=Test authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle certificate = new CertificateBuilder()
                .subject("CN=redis")
                .addSanIpAddress(InetAddress.getLoopbackAddress().getHostAddress())
                .buildIssuedBy(authority);
        Path authorities = Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
        Path chain = Files.writeString(folder.resolve("cert.pem"), certificate.getCertificatePEM());
        Path key = Files.writeString(folder.resolve("key.pem"), certificate.getPrivateKeyPEM());
        try (RedisServer server = RedisServer.start(
                "--tls-port",
                "PORT",
                "--tls-cert-file",
                chain.toString(),
                "--tls-key-file",
                key.toString(),
                "--tls-ca-cert-file",
                authorities.toString(),
                "--tls-auth-clients",
                "no")) {
            RedisOptions options = RedisOptions.of("rediss://127.0.0.1:" + server.port());

            assertCarries(options.withCertificateAuthorities(authorities));
            assertThatThrownBy(() -> connect(options.withConnectTimeout(Duration.ofSeconds(2))
                            .withCommandTimeout(Duration.ofSeconds(2))))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("certification path");
        }
    }

    @Test
    void whenThePrimaryDiesTheNodesFollowTheSentinelsToTheNextOne() throws Exception {
        try (RedisServer primary = RedisServer.start();
                RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + primary.port());
                RedisServer sentinel = RedisServer.startSentinel("mymaster", primary)) {
            await().atMost(SOON).until(() -> sentinel.command("SENTINEL", "REPLICAS", "mymaster")
                    .contains("" + replica.port()));
            RedisOptions options = RedisOptions.of("redis-sentinel://127.0.0.1:" + sentinel.port() + "/0#mymaster");
            Redis one = connect(options);
            Redis other = connect(options);
            ChannelLayer sender =
                    one.channelLayer(ChannelLayerOptions.defaults()).block(SOON);
            ChannelLayer receiver =
                    other.channelLayer(ChannelLayerOptions.defaults()).block(SOON);
            String channel = receiver.newChannel();
            receiver.groupAdd("group", channel).block(SOON);
            Queue<ByteBuffer> received = new ConcurrentLinkedQueue<>();
            receiver.messages(channel).subscribe(received::add);
            sender.groupSend("group", bytes("before")).block(SOON);
            await().atMost(SOON).until(() -> received.size() == 1);

            primary.kill();

            await().atMost(SOON).until(() -> !sender.isReady() && !receiver.isReady());
            await().atMost(SOON).until(() -> sender.isReady() && receiver.isReady());
            sender.groupSend("group", bytes("after")).block(SOON);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(received).containsExactly(bytes("before"), bytes("after")));
            assertThat(replica.command("ROLE")).contains("master");
            one.close().block(SOON);
            other.close().block(SOON);
        }
    }
}
