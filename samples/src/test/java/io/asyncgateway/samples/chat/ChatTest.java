package io.asyncgateway.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import io.asyncgateway.api.testing.LifespanDriver;
import io.asyncgateway.samples.chat.ChatNode.Backend;
import io.asyncgateway.websocket.channel.ChannelLayer;
import io.asyncgateway.websocket.history.InMemoryHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The protocol of the chat, in memory. */
class ChatTest {
    private ChatService chat;

    @BeforeEach
    void start() {
        VirtualTimeScheduler.getOrSet();
        chat = new ChatService();
    }

    @AfterEach
    void stop() {
        chat.close();
        VirtualTimeScheduler.reset();
    }

    @Test
    void aHelloIsAnsweredWithWhoOneIsAndWhereToGo() {
        try (ChatClient ada = chat.connect()) {
            JsonNode welcome = ada.hello("Ada");
            assertThat(welcome.at("/you/name").asText()).isEqualTo("Ada");
            assertThat(welcome.at("/you/id").asText()).matches("[0-9a-f]{16}");
            assertThat(welcome.at("/rooms").findValuesAsText("name")).containsExactly("lobby", "random", "help");
            assertThat(welcome.at("/limits/text").asInt()).isEqualTo(ChatSession.MAX_TEXT);
        }
    }

    @Test
    void everybodyInARoomSeesWhatIsSaidThere() {
        try (ChatClient ada = chat.join("Ada", "lobby");
                ChatClient grace = chat.join("Grace", "lobby");
                ChatClient other = chat.join("Other", "random")) {
            grace.say("lobby", "Hello", "g1");
            for (ChatClient client : List.of(ada, grace)) {
                JsonNode message = client.await("message");
                assertThat(message.path("room").asText()).isEqualTo("lobby");
                assertThat(message.path("text").asText()).isEqualTo("Hello");
                assertThat(message.at("/from/name").asText()).isEqualTo("Grace");
                assertThat(message.path("clientId").asText()).isEqualTo("g1");
                assertThat(message.path("at").asText()).isEqualTo(ChatService.NOW);
                assertThat(message.path("id").asText()).matches("\\d+-\\d+");
            }
            other.expectNothing();
        }
    }

    @Test
    void theSenderIsToldTheIdOfTheMessage() {
        try (ChatClient ada = chat.join("Ada", "lobby")) {
            ada.say("lobby", "Hello", "a1");
            String first = ada.await("message").path("id").asText();
            ada.say("lobby", "Hello again", "a2");
            assertThat(ada.await("ack").path("id").asText()).isEqualTo(first);
        }
    }

    @Test
    void whoComesLaterSeesWhatWasSaid() {
        try (ChatClient ada = chat.join("Ada", "lobby");
                ChatClient grace = chat.connect()) {
            ada.say("lobby", "one", "a1");
            ada.say("lobby", "two", "a2");
            grace.hello("Grace");
            grace.join("lobby");
            assertThat(grace.expect("message").path("text").asText()).isEqualTo("one");
            JsonNode last = grace.expect("message");
            assertThat(last.path("text").asText()).isEqualTo("two");
            JsonNode joined = grace.expect("joined");
            assertThat(joined.path("complete").asBoolean()).isTrue();
            assertThat(joined.path("latest").asText()).isEqualTo(last.path("id").asText());
            assertThat(grace.expect("members").path("members").findValuesAsText("name"))
                    .containsExactlyInAnyOrder("Ada", "Grace");
        }
    }

    @Test
    void whoComesBackGetsWhatWasMissedAndNothingTwice() {
        try (ChatClient ada = chat.join("Ada", "lobby");
                ChatClient lost = chat.join("Grace", "lobby");
                ChatClient back = chat.connect()) {
            ada.say("lobby", "before", "a1");
            String lastSeen = lost.await("message").path("id").asText();
            lost.lose();
            ada.say("lobby", "meanwhile", "a2");
            back.hello("Grace");
            back.send("{'type':'join','room':'lobby','lastSeen':'" + lastSeen + "'}");
            assertThat(back.expect("message").path("text").asText()).isEqualTo("meanwhile");
            assertThat(back.expect("joined").path("complete").asBoolean()).isTrue();
        }
    }

    @Test
    void aMessageThatIsSaidAgainAfterALostConnectionIsKeptOnce() {
        try (ChatClient grace = chat.join("Grace", "lobby");
                ChatClient lost = chat.join("Ada", "lobby")) {
            lost.say("lobby", "Hello", "a1");
            String id = grace.await("message").path("id").asText();
            lost.lose();
            try (ChatClient back = chat.connect()) {
                back.hello("Ada");
                back.send("{'type':'join','room':'lobby','lastSeen':'" + id + "'}");
                back.expect("joined");
                back.expect("members");
                back.say("lobby", "Hello", "a1");
                assertThat(back.expect("ack").path("id").asText()).isEqualTo(id);
                grace.await("presence");
                grace.await("presence");
                grace.expectNothing();
            }
        }
    }

    @Test
    void theSameClientIdOfSomebodyElseIsAnotherMessage() {
        try (ChatClient ada = chat.join("Ada", "lobby");
                ChatClient grace = chat.join("Grace", "lobby")) {
            ada.say("lobby", "mine", "1");
            grace.say("lobby", "mine too", "1");
            assertThat(ada.await("message").path("text").asText()).isEqualTo("mine");
            assertThat(ada.await("message").path("text").asText()).isEqualTo("mine too");
        }
    }

    @Test
    void everybodyIsToldWhoComesAndGoes() {
        try (ChatClient ada = chat.join("Ada", "lobby")) {
            ChatClient grace = chat.join("Grace", "lobby");
            JsonNode came = ada.expect("presence");
            assertThat(came.at("/who/name").asText()).isEqualTo("Grace");
            assertThat(came.path("here").asBoolean()).isTrue();
            grace.lose();
            grace.close();
            JsonNode went = ada.expect("presence");
            assertThat(went.path("who")).isEqualTo(came.path("who"));
            assertThat(went.path("here").asBoolean()).isFalse();
        }
    }

    @Test
    void aPersonWithTwoConnectionsIsHereUntilTheLastIsGone() {
        try (ChatClient grace = chat.join("Grace", "lobby");
                ChatClient one = chat.join("Ada", "lobby");
                ChatClient other = chat.join("Ada", "lobby")) {
            JsonNode first = grace.expect("presence").path("who");
            JsonNode second = grace.expect("presence").path("who");
            assertThat(second.path("id")).isEqualTo(first.path("id"));
            assertThat(second.path("member")).isNotEqualTo(first.path("member"));
            one.lose();
            JsonNode went = grace.expect("presence");
            assertThat(went.path("here").asBoolean()).isFalse();
            assertThat(went.path("who")).isEqualTo(first);
            assertThat(chat.membersOf("lobby")).contains(second).doesNotContain(first);
            grace.await("presence");
            grace.await("presence");
            other.lose();
            assertThat(grace.expect("presence").path("who")).isEqualTo(second);
            assertThat(chat.membersOf("lobby"))
                    .extracting(who -> who.path("name").asText())
                    .doesNotContain("Ada");
        }
    }

    @Test
    void theOthersAreToldThatSomebodyTypes() {
        try (ChatClient ada = chat.join("Ada", "lobby");
                ChatClient grace = chat.join("Grace", "lobby")) {
            grace.send("{'type':'typing','room':'lobby','active':true}");
            JsonNode typing = ada.await("typing");
            assertThat(typing.at("/who/name").asText()).isEqualTo("Grace");
            assertThat(typing.path("active").asBoolean()).isTrue();
            grace.expectNothing();
        }
    }

    @Test
    void whoHasLeftARoomHearsNothingOfIt() {
        try (ChatClient ada = chat.join("Ada", "lobby");
                ChatClient grace = chat.join("Grace", "lobby")) {
            grace.send("{'type':'leave','room':'lobby'}");
            ada.say("lobby", "gone?", "a1");
            grace.expectNothing();
            grace.say("lobby", "no", "g1");
            assertThat(grace.expect("error").path("kind").asText()).isEqualTo("room");
        }
    }

    @Test
    void whoSpeaksTooFastIsToldHowLongToWait() {
        try (ChatClient ada = chat.join("Ada", "lobby")) {
            for (int i = 0; i < Speakers.BURST; i++) {
                ada.say("lobby", "message", "a" + i);
            }
            ada.say("lobby", "once more", "more");
            JsonNode refused = ada.await("error");
            assertThat(refused.path("kind").asText()).isEqualTo("too-fast");
            assertThat(refused.path("clientId").asText()).isEqualTo("more");
            long wait = refused.path("retryAfter").asLong();
            assertThat(wait).isBetween(1L, 1_000L);
            ada.pass(Duration.ofMillis(wait));
            ada.say("lobby", "once more", "more");
            assertThat(ada.await("message").path("clientId").asText()).isEqualTo("more");
        }
    }

    @Test
    void aSecondConnectionIsNoSecondAllowance() {
        try (ChatClient one = chat.join("Ada", "lobby");
                ChatClient other = chat.join("Ada", "lobby")) {
            for (int i = 0; i < Speakers.BURST; i++) {
                one.say("lobby", "message", "a" + i);
            }
            other.say("lobby", "once more", "more");
            assertThat(other.await("error").path("kind").asText()).isEqualTo("too-fast");
        }
    }

    @Test
    void nobodySpeaksFasterByComingBackAsSomebodyElse() {
        int said = 0;
        for (int i = 0; ; i++) {
            assertThat(i).as("new keys").isLessThan(2 * Speakers.NETWORK_BURST / Speakers.BURST);
            try (ChatClient client = chat.connect()) {
                client.hello("Ada" + i);
                client.join("lobby");
                client.await("members");
                for (int j = 0; j < Speakers.BURST; j++) {
                    client.say("lobby", "message", "a" + j);
                    if (client.awaitAny("ack", "error").path("type").asText().equals("error")) {
                        assertThat(said).isGreaterThanOrEqualTo(Speakers.NETWORK_BURST);
                        return;
                    }
                    said++;
                }
                client.lose();
            }
        }
    }

    @Test
    void aTextThatIsTooLongIsRefusedKindly() {
        try (ChatClient ada = chat.join("Ada", "lobby")) {
            ada.say("lobby", "x".repeat(ChatSession.MAX_TEXT + 1), "a1");
            JsonNode refused = ada.expect("error");
            assertThat(refused.path("kind").asText()).isEqualTo("too-long");
            assertThat(refused.path("text").asText()).isEqualTo("A message has at most 2,000 characters.");
            assertThat(refused.path("clientId").asText()).isEqualTo("a1");
        }
    }

    @Test
    void nobodyIsInMoreRoomsThanAllowed() {
        try (ChatClient ada = chat.connect()) {
            ada.hello("Ada");
            for (int i = 0; i < ChatSession.MAX_ROOMS; i++) {
                ada.in("room-" + i);
            }
            ada.join("one-more");
            assertThat(ada.expect("error").path("kind").asText()).isEqualTo("too-many-rooms");
            ada.send("{'type':'leave','room':'room-0'}");
            ada.in("one-more");
        }
    }

    @Test
    void aNameThatDoesNotDoCanBeTriedAgain() {
        try (ChatClient ada = chat.connect()) {
            ada.send("{'type':'hello','name':'!','key':'0123456789012345678901'}");
            assertThat(ada.expect("error").path("kind").asText()).isEqualTo("name");
            ada.hello("Ada");
        }
    }

    @Test
    void whoSaysNoHelloIsAskedToGo() {
        try (ChatClient silent = chat.connect();
                ChatClient rude = chat.connect()) {
            silent.pass(Duration.ofSeconds(10));
            assertThat(silent.expectClose()).isEqualTo(new WebSocketEvent.Close(1008, "hello expected"));
            rude.join("lobby");
            assertThat(rude.expectClose()).isEqualTo(new WebSocketEvent.Close(1008, "hello expected"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no JSON",
                "[]",
                "{}",
                "{'type':'shout'}",
                "{'type':'join','room':'No room'}",
                "{'type':'join','room':'lobby','lastSeen':'yesterday'}",
                "{'type':'say','room':'lobby','text':'without a clientId'}",
                "{'type':'say','room':'lobby','clientId':'a1'}",
            })
    void aMessageThatIsNoneIsAnsweredWithWhatIsWrong(String message) {
        try (ChatClient ada = chat.join("Ada", "lobby")) {
            ada.send(message);
            assertThat(ada.expect("error").path("text").asText()).isNotEmpty();
            ada.send("{'type':'ping'}");
            ada.expect("pong");
        }
    }

    @Test
    void whoGoesOnSendingWhatIsNoMessageIsAskedToGo() {
        try (ChatClient ada = chat.join("Ada", "lobby")) {
            for (int i = 0; i < ChatSession.MAX_BAD_MESSAGES; i++) {
                ada.send("nonsense");
                ada.expect("error");
            }
            ada.send("nonsense");
            assertThat(ada.expectClose()).isEqualTo(new WebSocketEvent.Close(1008, "too many bad messages"));
        }
    }

    @Test
    void whoDoesTooMuchAtOnceIsSlowedDown() {
        try (ChatClient ada = chat.join("Ada", "lobby")) {
            List<String> kinds = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                ada.send("{'type':'join','room':'-'}");
                kinds.add(ada.expect("error").path("kind").asText());
            }
            assertThat(kinds).startsWith("room").endsWith("too-fast");
        }
    }

    @Test
    void readyWhileTheServerIsNotGoingDown() {
        assertThat(chat.get("/ready").text()).isEqualTo("ready\n");
        HttpDriver.Response response = chat.getWhileDraining("/ready");
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.text()).isEqualTo("the server is going down\n");
    }

    @Test
    void notReadyWithoutWhatCarriesTheMessages() {
        ChannelLayer layer = ChannelLayer.inMemory();
        try (ChatService lost =
                new ChatService(new Backend(layer, InMemoryHistory.builder().build(), layer.close()))) {
            assertThat(lost.get("/ready").status()).isEqualTo(200);
            layer.close().block();
            HttpDriver.Response response = lost.get("/ready");
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.text()).isEqualTo("the channel layer is down\n");
        }
    }

    @Test
    void notReadyWithoutWhatKeepsTheMessages() {
        ChannelLayer layer = ChannelLayer.inMemory();
        LosableHistory history = new LosableHistory();
        try (ChatService lost = new ChatService(new Backend(layer, history, layer.close()))) {
            history.isReady = false;
            assertThat(lost.get("/ready").status()).isEqualTo(503);
            history.isReady = true;
            assertThat(lost.get("/ready").status()).isEqualTo(200);
        }
    }

    @Test
    void aSettingThatItDoesNotKnowStopsTheStart() {
        try (LifespanDriver life = ApplicationDriver.lifespan(new Chat(), LifespanScope.of(Map.of("redsi", "x")))) {
            life.startup();
            assertThat(life.expect(LifespanEvent.StartupFailed.class).message())
                    .contains("setting redsi: unknown (expected: redis, or none)");
        }
    }
}
