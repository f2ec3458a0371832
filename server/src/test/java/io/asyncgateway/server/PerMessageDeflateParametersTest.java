package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PerMessageDeflateParametersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            quoteCharacter = '`',
            value = {
                "permessage-deflate                                > permessage-deflate",
                "PERMESSAGE-DEFLATE                                > permessage-deflate",
                "permessage-deflate; client_max_window_bits        > permessage-deflate",
                "permessage-deflate; client_max_window_bits=8      > permessage-deflate; client_max_window_bits=8",
                "permessage-deflate; client_max_window_bits=15     > permessage-deflate; client_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=15     > permessage-deflate; server_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=\"10\" > permessage-deflate; server_max_window_bits=10",
                "permessage-deflate; server_no_context_takeover    > permessage-deflate; server_no_context_takeover",
                "permessage-deflate; client_no_context_takeover    > permessage-deflate; client_no_context_takeover",
                "permessage-deflate; client_max_window_bits=9; server_max_window_bits=8; client_no_context_takeover; server_no_context_takeover"
                        + " > permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=8; client_max_window_bits=9",
            })
    void aValidOfferIsUnderstood(String offer, String answer) {
        assertThat(parse(offer).answer()).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-webkit-deflate-frame",
                "permessage-deflate; foo",
                "permessage-deflate; foo=1",
                "permessage-deflate; client_max_window_bits; client_max_window_bits",
                "permessage-deflate; client_max_window_bits=9; client_max_window_bits",
                "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; client_no_context_takeover=true",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=7",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; server_max_window_bits=09",
                "permessage-deflate; server_max_window_bits=abc",
                "permessage-deflate; server_max_window_bits=+9",
                "permessage-deflate; server_max_window_bits=99999999999",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=08"
            })
    void anInvalidOfferIsDeclined(String offer) {
        assertThat(parse(offer)).isNull();
    }

    private static PerMessageDeflateParameters parse(String offer) {
        return PerMessageDeflateParameters.ofOffer(
                WebSocketExtension.parse(List.of(offer)).get(0));
    }
}
