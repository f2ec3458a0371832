package io.asyncgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class StateTest {
    private static final StateKey<String> NAME = StateKey.of("name", String.class);
    private static final StateKey<String> SAME_NAME = StateKey.of("name", String.class);

    @Test
    void aLayerSeesWhatIsBelow() {
        State lifespan = new State().put(NAME, "below");

        assertThat(lifespan.layer().get(NAME)).isEqualTo("below");
        assertThat(lifespan.layer().layer().require(NAME)).isEqualTo("below");
    }

    @Test
    void aLayerSeesWhatIsPutBelowLater() {
        State lifespan = new State();
        State request = lifespan.layer();
        lifespan.put(NAME, "later");

        assertThat(request.get(NAME)).isEqualTo("later");
    }

    @Test
    void whatARequestPutsIsSeenByThatRequestAlone() {
        State lifespan = new State().put(NAME, "below");
        State request = lifespan.layer().put(NAME, "mine");

        assertThat(request.get(NAME)).isEqualTo("mine");
        assertThat(lifespan.get(NAME)).isEqualTo("below");
        assertThat(lifespan.layer().get(NAME)).isEqualTo("below");
    }

    @Test
    void keysAreComparedByIdentity() {
        assertThat(new State().put(NAME, "x").get(SAME_NAME)).isNull();
    }

    @Test
    void aValueThatMustBeThereIsMissedByTheNameOfItsKey() {
        assertThatThrownBy(() -> new State().layer().require(NAME))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("name (String)");
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void aValueOfAnotherTypeIsRefused() {
        assertThatThrownBy(() -> new State().put((StateKey) NAME, 1)).isInstanceOf(ClassCastException.class);
    }
}
