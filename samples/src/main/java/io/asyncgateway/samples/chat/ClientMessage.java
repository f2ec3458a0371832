package io.asyncgateway.samples.chat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/** What a client says; see the package. Anything may be missing, since anybody can send anything. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(name = "hello", value = ClientMessage.Hello.class),
    @JsonSubTypes.Type(name = "join", value = ClientMessage.Join.class),
    @JsonSubTypes.Type(name = "leave", value = ClientMessage.Leave.class),
    @JsonSubTypes.Type(name = "say", value = ClientMessage.Say.class),
    @JsonSubTypes.Type(name = "typing", value = ClientMessage.Typing.class),
    @JsonSubTypes.Type(name = "ping", value = ClientMessage.Ping.class)
})
sealed interface ClientMessage {
    record Hello(@Nullable String name, @Nullable String key) implements ClientMessage {}

    record Join(@Nullable String room, @Nullable String lastSeen) implements ClientMessage {}

    record Leave(@Nullable String room) implements ClientMessage {}

    record Say(
            @Nullable String room,
            @Nullable String text,
            @Nullable String clientId) implements ClientMessage {}

    record Typing(@Nullable String room, boolean active) implements ClientMessage {}

    record Ping() implements ClientMessage {}
}
