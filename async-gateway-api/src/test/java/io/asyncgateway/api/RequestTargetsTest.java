package io.asyncgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTargetsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/|/|''",
                "/a/b|/a/b|''",
                "/a?|/a|''",
                "/a?b=c|/a|b=c",
                "/a?b?c|/a|b?c",
                "/?|/|''",
                "/a%3Fb?c|/a%3Fb|c",
                "/a//b/../c|/a//b/../c|''",
                "//host/a|//host/a|''",
                "*|*|''",
                "http://host|/|''",
                "http://host/|/|''",
                "http://host/a/b?c=d|/a/b|c=d",
                "http://host?c=d|/|c=d",
                "http://user@host:80/a|/a|''",
                "http://[::1]:80/a|/a|''",
                "HTTPS://host/a|/a|''",
                "a+b-c.1://host/a|/a|''",
                "/a?u=http://host/b|/a|u=http://host/b",
                "/http://host/b|/http://host/b|''",
                "1http://host/b|1http://host/b|''",
                "://host/b|://host/b|''",
                "host:80|host:80|''",
                "/a#b?c|/a#b|c",
            })
    void pathAndQueryAreCutOutOfTheTarget(String target, String path, String query) {
        assertThat(RequestTargets.rawPath(target)).isEqualTo(path);
        assertThat(RequestTargets.queryString(target)).isEqualTo(query);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a/b|/a/b",
                "/a%20b|/a b",
                "/%41%5a|/AZ",
                "/%e4%bd%a0%E5%A5%BD|/\u4f60\u597d",
                "/a%2Fb|/a/b",
                "/a+b|/a+b",
                "/%25|/%",
                "/%2541|/%41",
                "/%F0%9F%98%80|/\ud83d\ude00",
            })
    void percentEncodedOctetsAreDecodedAsUtf8(String raw, String path) {
        assertThat(RequestTargets.decode(raw)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/%zz|/%zz",
                "/%|/%",
                "/%4|/%4",
                "/%4g|/%4g",
                "/%%41|/%A",
                "/%-1|/%-1",
                "/%+1|/%+1",
                "/a%20%2|/a %2",
            })
    void aPercentSignWithoutTwoDigitsStays(String raw, String path) {
        assertThat(RequestTargets.decode(raw)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/%ff|/\ufffd",
                "/%c3|/\ufffd",
                "/%c3a|/\ufffda",
                "/%80%80|/\ufffd\ufffd",
                "/%c0%af|/\ufffd\ufffd",
                "/a%fe%41|/a\ufffdA",
            })
    void octetsThatAreNotUtf8BecomeReplacementCharacters(String raw, String path) {
        assertThat(RequestTargets.decode(raw)).isEqualTo(path);
    }

    @Test
    void octetsThatWereNotEncodedAreDecodedToo() {
        assertThat(RequestTargets.decode("/\u00c3\u00a4")).isEqualTo("/\u00e4");
        assertThat(RequestTargets.decode("/\u00c3%a4")).isEqualTo("/\u00e4");
        assertThat(RequestTargets.decode("/\u00e4")).isEqualTo("/\ufffd");
    }

    @Test
    void whatHasNothingToDecodeIsTheSameString() {
        String raw = "/plain/path";

        assertThat(RequestTargets.rawPath(raw)).isSameAs(raw);
        assertThat(RequestTargets.decode(raw)).isSameAs(raw);
    }
}
