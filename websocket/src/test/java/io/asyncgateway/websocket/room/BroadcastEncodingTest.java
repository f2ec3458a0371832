package io.asyncgateway.websocket.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.history.EntryId;
import io.asyncgateway.websocket.history.History;
import io.asyncgateway.websocket.history.InMemoryHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broadcast is encoded once on each node that has members, however many these are, and all of them get that one message. */
class BroadcastEncodingTest {
    private static final int MEMBERS = 50;

    /** Notes what it encodes. */
    private static final class CountingEncoder implements RoomEncoder {
        final List<String> encoded = new ArrayList<>();

        @Override
        public WebSocketMessage encode(@Nullable EntryId id, WebSocketMessage message) {
            String text = ((WebSocketMessage.Text) message).text();
            encoded.add(text);
            return WebSocketMessage.text((id == null ? "live " : "kept ") + text);
        }
    }

    private final ChannelLayer layer = ChannelLayer.inMemory();
    private final History history = InMemoryHistory.builder().build();
    private final List<Rooms> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(rooms -> rooms.close().block());
        layer.close().block();
    }

    private Room room(CountingEncoder encoder, boolean kept) {
        Rooms.Builder builder = Rooms.builder().layer(layer).encoder(encoder);
        Rooms rooms = (kept ? builder.history(history) : builder).build();
        opened.add(rooms);
        return rooms.room("lobby");
    }

    private static List<Peer> join(Room room, int members) {
        List<Peer> peers = Stream.generate(Peer::connect).limit(members).toList();
        peers.forEach(peer -> room.join(peer.session()).block());
        return peers;
    }

    private static void broadcast(Room room, String text) {
        room.broadcast(WebSocketMessage.text(text)).block();
    }

    private static void assertThatAllGotTheSame(List<Peer> peers, String... texts) {
        List<WebSocketMessage> first = peers.get(0).messages();
        assertThat(peers.get(0).texts()).containsExactly(texts);
        for (Peer peer : peers) {
            List<WebSocketMessage> messages = peer.messages();
            assertThat(messages).hasSameSizeAs(first);
            for (int i = 0; i < first.size(); i++) {
                assertThat(messages.get(i)).isSameAs(first.get(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onceForAllMembersWithAndWithoutAHistory(boolean kept) {
        CountingEncoder encoder = new CountingEncoder();
        Room room = room(encoder, kept);
        List<Peer> peers = join(room, MEMBERS);
        broadcast(room, "a");
        broadcast(room, "b");

        assertThat(encoder.encoded).containsExactly("a", "b");
        String how = kept ? "kept " : "live ";
        assertThatAllGotTheSame(peers, how + "a", how + "b");
    }

    @Test
    void onceForASignalOfARoomWithAHistory() {
        CountingEncoder encoder = new CountingEncoder();
        Room room = room(encoder, true);
        List<Peer> peers = join(room, MEMBERS);
        room.signal(WebSocketMessage.text("typing")).block();

        assertThat(encoder.encoded).containsExactly("typing");
        assertThatAllGotTheSame(peers, "live typing");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onceForAllButOne(boolean kept) {
        CountingEncoder encoder = new CountingEncoder();
        Room room = room(encoder, kept);
        Peer sender = Peer.connect();
        Member member = room.join(sender.session()).block();
        List<Peer> others = join(room, MEMBERS);
        room.broadcastExcept(member, WebSocketMessage.text("hi")).block();

        assertThat(encoder.encoded).containsExactly("hi");
        assertThatAllGotTheSame(others, (kept ? "kept " : "live ") + "hi");
        assertThat(sender.messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onceOnEachNodeThatHasMembers(boolean kept) {
        CountingEncoder here = new CountingEncoder();
        CountingEncoder there = new CountingEncoder();
        CountingEncoder nobody = new CountingEncoder();
        Room room = room(here, kept);
        List<Peer> peers = join(room, MEMBERS);
        List<Peer> others = join(room(there, kept), MEMBERS);
        broadcast(room(nobody, kept), "hello");

        assertThat(here.encoded).containsExactly("hello");
        assertThat(there.encoded).containsExactly("hello");
        assertThat(nobody.encoded).isEmpty();
        assertThatAllGotTheSame(peers, (kept ? "kept " : "live ") + "hello");
        assertThatAllGotTheSame(others, (kept ? "kept " : "live ") + "hello");
    }

    @Test
    void onceMoreForEachMessageThatIsReplayed() {
        CountingEncoder encoder = new CountingEncoder();
        Room room = room(encoder, true);
        join(room, MEMBERS);
        broadcast(room, "a");
        broadcast(room, "b");
        List<Peer> late = join(room, 1);
        broadcast(room, "c");

        assertThat(encoder.encoded).containsExactly("a", "b", "a", "b", "c");
        assertThat(late.get(0).texts()).containsExactly("kept a", "kept b", "kept c");
    }
}
