package io.asyncgateway.samples.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server says; see the package. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(name = "welcome", value = ServerMessage.Welcome.class),
    @JsonSubTypes.Type(name = "joined", value = ServerMessage.Joined.class),
    @JsonSubTypes.Type(name = "members", value = ServerMessage.Members.class),
    @JsonSubTypes.Type(name = "message", value = ServerMessage.Message.class),
    @JsonSubTypes.Type(name = "ack", value = ServerMessage.Ack.class),
    @JsonSubTypes.Type(name = "presence", value = ServerMessage.Presence.class),
    @JsonSubTypes.Type(name = "typing", value = ServerMessage.Typing.class),
    @JsonSubTypes.Type(name = "error", value = ServerMessage.Refusal.class),
    @JsonSubTypes.Type(name = "pong", value = ServerMessage.Pong.class)
})
@JsonInclude(JsonInclude.Include.NON_NULL)
sealed interface ServerMessage {
    record Welcome(User you, List<Suggestion> rooms, Limits limits) implements ServerMessage {}

    record Suggestion(String name, String about) {}

    record Limits(int text, int name, int rooms) {}

    record Joined(String room, boolean complete, String latest) implements ServerMessage {}

    record Members(String room, List<Connected> members) implements ServerMessage {}

    /** A user as one of perhaps several connections. */
    record Connected(String member, String id, String name) {}

    /** As it is kept in the log. Its id, which only the log knows, is put in front of it on the way out. */
    record Message(String room, User from, String clientId, String text, String at) implements ServerMessage {}

    record Ack(String room, String clientId, String id) implements ServerMessage {}

    record Presence(String room, Connected who, boolean here) implements ServerMessage {}

    record Typing(String room, User who, boolean active) implements ServerMessage {}

    record Refusal(
            String kind,
            String text,
            @Nullable String room,
            @Nullable String clientId,
            @Nullable Long retryAfter) implements ServerMessage {}

    record Pong() implements ServerMessage {}
}
