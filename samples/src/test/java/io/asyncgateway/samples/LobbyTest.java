package io.asyncgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketScope;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.WebSocketDriver;
import io.asyncgateway.samples.docs.Lobby;
import java.io.IOException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The example of the documentation: as text, in memory, and on a server with the JDK's client. */
class LobbyTest {
    private final RunningSample sample = new RunningSample(new Lobby());

    @AfterEach
    void stop() {
        sample.close();
    }

    private static final class Client implements WebSocket.Listener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            heard.add(data.toString());
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            heard.add("closed with " + code);
            return null;
        }

        String next() throws InterruptedException {
            return heard.poll(30, TimeUnit.SECONDS);
        }
    }

    private WebSocket connect(Client client, String target) {
        return sample.client()
                .newWebSocketBuilder()
                .buildAsync(sample.uri("ws", target), client)
                .join();
    }

    private static void say(WebSocket socket, String text) {
        socket.sendText("{\"text\":\"" + text + "\"}", true).join();
    }

    private static String withoutId(String message) {
        return message.replaceFirst("\"id\":\"[0-9]+-[0-9]+\",", "");
    }

    private static String id(String message) {
        return message.replaceFirst("^\\{\"id\":\"([0-9]+-[0-9]+)\".*", "$1");
    }

    @Test
    void theDocumentationShowsWhatCompilesHere() throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/asyncgateway/samples/docs/Lobby.java"));
        assertThat(Files.readString(Path.of("../docs/websocket.md"))).contains(source.substring(source.indexOf("/**")));
    }

    @Test
    void membersHearEachOther() throws InterruptedException {
        Client ada = new Client();
        Client bob = new Client();
        WebSocket adasSocket = connect(ada, "/ada");
        connect(bob, "/bob");
        say(adasSocket, "hello");
        String heard = ada.next();
        assertThat(withoutId(heard)).isEqualTo("{\"from\":\"ada\",\"text\":\"hello\"}");
        assertThat(bob.next()).isEqualTo(heard);
    }

    @Test
    void whoComesBackGetsWhatItMissedAndNothingTwice() throws InterruptedException {
        Client ada = new Client();
        Client bob = new Client();
        WebSocket adasSocket = connect(ada, "/ada");
        WebSocket bobsSocket = connect(bob, "/bob");
        say(adasSocket, "one");
        String last = bob.next();
        bobsSocket.abort();
        say(adasSocket, "two");
        say(adasSocket, "three");
        ada.next();
        ada.next();
        ada.next();

        Client again = new Client();
        connect(again, "/bob?" + id(last));
        say(adasSocket, "four");
        assertThat(withoutId(again.next())).contains("two");
        assertThat(withoutId(again.next())).contains("three");
        assertThat(withoutId(again.next())).contains("four");
        assertThat(again.heard).isEmpty();
    }

    @Test
    void aMessageThatIsNoJsonClosesTheSessionWith1007() throws InterruptedException {
        Client ada = new Client();
        connect(ada, "/ada").sendText("hello", true).join();
        assertThat(ada.next()).isEqualTo("closed with 1007");
    }

    @Test
    void aPageOfAnotherOriginIsRefusedWith403() {
        assertThatThrownBy(() -> sample.client()
                        .newWebSocketBuilder()
                        .header("Origin", "https://evil.example")
                        .buildAsync(sample.uri("ws", "/ada"), new Client())
                        .join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> assertThat(
                                refused.getResponse().statusCode())
                        .isEqualTo(403));
    }

    @Test
    void theServiceRunsInMemoryToo() {
        try (WebSocketDriver ada = ApplicationDriver.webSocket(
                new Lobby(), WebSocketScope.builder().target("/ada"))) {
            ada.expect(WebSocketEvent.Accept.class);
            ada.text("no JSON");
            assertThat(ada.expect(WebSocketEvent.Close.class).code()).isEqualTo(1007);
        }
    }
}
