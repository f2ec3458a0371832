package io.asyncgateway.cli;

import io.asyncgateway.api.Headers;
import io.asyncgateway.server.ClientAuthentication;
import io.asyncgateway.server.TlsVersion;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The types of the options' values. */
final class Values {
    static final ValueType<String> TEXT = new ValueType<>("TEXT", "a text", Function.identity(), Function.identity());

    static final ValueType<Integer> NUMBER =
            new ValueType<>("N", "a whole number", Integer::valueOf, value -> Integer.toString(value));

    static final ValueType<Integer> PORT =
            new ValueType<>("PORT", "0-65535", Addresses::port, value -> Integer.toString(value));

    static final ValueType<Integer> SIZE = new ValueType<>(
            "SIZE", Sizes.EXPECTED, text -> Math.toIntExact(Sizes.parse(text)), size -> Sizes.format(size));

    /** A size of which the largest possible means that there is no limit. */
    static final ValueType<Long> SIZE_OR_NONE = new ValueType<>(
            "SIZE",
            Sizes.EXPECTED + ", or none",
            text -> text.equals("none") ? Long.MAX_VALUE : Sizes.parse(text),
            size -> size == Long.MAX_VALUE ? "none" : Sizes.format(size));

    static final ValueType<Duration> SECONDS =
            new ValueType<>("SECONDS", Durations.EXPECTED, Durations::parse, Durations::format);

    /** A time of which zero means that there is no limit. */
    static final ValueType<Duration> SECONDS_OR_NONE = new ValueType<>(
            "SECONDS",
            Durations.EXPECTED + ", or none",
            text -> text.equals("none") ? Duration.ZERO : Durations.parse(text),
            duration -> duration.isZero() ? "none" : Durations.format(duration));

    static final ValueType<Boolean> BOOLEAN =
            new ValueType<>("true|false", "true or false", Values::bool, value -> Boolean.toString(value));

    static final ValueType<Path> FILE = new ValueType<>("FILE", "the path of a file", Path::of, Path::toString);

    static final ValueType<Path> DIRECTORY =
            new ValueType<>("DIR", "the path of a directory", Path::of, Path::toString);

    static final ValueType<TlsVersion> TLS_VERSION = new ValueType<>(
            "1.2|1.3",
            "1.2, 1.3",
            text -> switch (text) {
                case "1.2", "TLSv1.2" -> TlsVersion.TLS_1_2;
                case "1.3", "TLSv1.3" -> TlsVersion.TLS_1_3;
                default -> throw new IllegalArgumentException(text);
            },
            version -> version.standardName().substring("TLSv".length()));

    /** With the numbers that uvicorn and gunicorn take. */
    static final ValueType<ClientAuthentication> CERT_REQS = new ValueType<>(
            "none|optional|required",
            "none, optional, required; or 0, 1, 2",
            text -> switch (text) {
                case "none", "0" -> ClientAuthentication.NONE;
                case "optional", "1" -> ClientAuthentication.OPTIONAL;
                case "required", "2" -> ClientAuthentication.REQUIRED;
                default -> throw new IllegalArgumentException(text);
            },
            value -> value.name().toLowerCase(Locale.ROOT));

    static final ValueType<String> HOST =
            new ValueType<>("HOST", "a name or an IP address", Addresses::host, Function.identity());

    static final ValueType<SocketAddress> ADDRESS =
            new ValueType<>("ADDRESS", Addresses.EXPECTED, Addresses::parse, Addresses::format);

    static final ValueType<Headers> HEADER = new ValueType<>(
            "NAME:VALUE", "NAME:VALUE", Values::header, headers -> headers.name(0) + ":" + headers.value(0));

    static final ValueType<Map.Entry<String, String>> SETTING = new ValueType<>(
            "KEY=VALUE", "KEY=VALUE", Values::setting, entry -> entry.getKey() + "=" + entry.getValue());

    private Values() {}

    /** One of the constants, in lower case. */
    static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
        List<String> names = Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        return new ValueType<>(
                String.join("|", names),
                names.stream().collect(Collectors.joining(", ")),
                text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)),
                constant -> constant.name().toLowerCase(Locale.ROOT));
    }

    private static Boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "on", "yes", "1" -> true;
            case "false", "off", "no", "0" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static Headers header(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(text);
        }
        return Headers.of(text.substring(0, colon), text.substring(colon + 1));
    }

    private static Map.Entry<String, String> setting(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(text);
        }
        return Map.entry(text.substring(0, equals).strip(), text.substring(equals + 1));
    }
}
