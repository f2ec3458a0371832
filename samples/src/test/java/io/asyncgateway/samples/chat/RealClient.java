package io.asyncgateway.samples.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.asyncgateway.samples.RunningSample;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection to the chat over a real socket, that speaks its protocol by hand. */
final class RealClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LIMIT_SECONDS = 30;

    private final Messages messages = new Messages();
    private final WebSocket socket;

    private RealClient(RunningSample chat) {
        socket = chat.client()
                .newWebSocketBuilder()
                .buildAsync(chat.uri("ws", "/ws"), messages)
                .join();
    }

    /** Somebody who has said hello. */
    static RealClient hello(RunningSample chat, String name) {
        RealClient client = new RealClient(chat);
        client.send("{'type':'hello','name':'" + name + "','key':'key-of-" + name + "-0123456789012345'}");
        client.await("welcome");
        return client;
    }

    /** Somebody who is in a room. */
    static RealClient join(RunningSample chat, String name, String room) {
        RealClient client = hello(chat, name);
        client.send("{'type':'join','room':'" + room + "'}");
        client.await("members");
        return client;
    }

    /** Sends a message, written with single quotes. */
    void send(String message) {
        socket.sendText(message.replace('\'', '"'), true).join();
    }

    void say(String room, String text, String clientId) {
        send("{'type':'say','room':'" + room + "','text':'" + text + "','clientId':'" + clientId + "'}");
    }

    /** The next message of this type, whatever comes before it. */
    JsonNode await(String type) {
        try {
            for (; ; ) {
                String text = messages.queue.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
                if (text == null) {
                    throw new AssertionError("expected: " + type + ", but nothing came");
                }
                JsonNode message = JSON.readTree(text);
                if (message.path("type").asText().equals(type)) {
                    return message;
                }
            }
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        socket.abort();
    }

    private static final class Messages implements WebSocket.Listener {
        private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                queue.add(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }
    }
}
