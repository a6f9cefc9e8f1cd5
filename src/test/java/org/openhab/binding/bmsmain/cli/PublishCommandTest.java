/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
package org.openhab.binding.bmsmain.cli;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;

import org.eclipse.jdt.annotation.NonNullByDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhab.binding.bmsmain.cli.BoardsFile.WrongException;
import org.openhab.binding.bmsmain.cli.publish.Collector.BankSource;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.Connection;
import org.openhab.binding.bmsmain.internal.board.BankCalculator.ParallelLimit;

/**
 * The arguments of {@code bms publish} and its file of boards: errors are reported before anything is opened.
 *
 * @author The BMS Main binding authors - Initial contribution
 */
@NonNullByDefault
class PublishCommandTest {

    private static final String HIDDEN = "geheim";

    @TempDir
    private Path folder = Path.of("");

    private String complaint(int expected, String... arguments) {
        StringWriter out = new StringWriter();
        int code = Bms.execute(new PrintWriter(out, true), new PrintWriter(out, true), arguments);
        assertEquals(expected, code, out.toString());
        assertFalse(out.toString().contains(HIDDEN), out.toString());
        return String.valueOf(out.toString().lines().findFirst().orElse(""));
    }

    private String boards(String text) throws IOException {
        Path file = folder.resolve("boards.yaml");
        Files.writeString(file, text);
        String line = complaint(2, "publish", "--boards", file.toString(), "--broker", "mqtt://localhost");
        assertTrue(line.startsWith(file.toString()), line);
        return line.substring(file.toString().length());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --tcp localhost                                            | Missing required option: '--broker=URL'
            --broker mqtt://localhost                                  | The connection is missing
            --broker mqtt://localhost --candump x.log                  | a log (--candump) cannot be used as a board
            --broker http://localhost --tcp a                          | --broker must be mqtts://HOST[:PORT]
            --broker localhost --tcp a                                 | --broker must be mqtts://HOST[:PORT]
            --broker mqtt://localhost:0 --tcp a                        | --broker must be mqtts://HOST[:PORT]
            --broker mqtt://localhost/path --tcp a                     | --broker must be mqtts://HOST[:PORT]
            --broker mqtts://user:geheim@localhost --tcp a             | --broker must not contain user or password
            --broker mqtt://localhost --tcp a --password=geheim        | User and password are not accepted on the command line
            --broker mqtt://localhost --tcp a --password geheim        | User and password are not accepted on the command line
            --broker mqtt://localhost --tcp a -P geheim                | User and password are not accepted on the command line
            --broker mqtt://localhost --tcp a -u me                    | User and password are not accepted on the command line
            --broker mqtt://localhost --tcp a --ca ca.crt              | --ca, --cert and --key require mqtts://
            --broker mqtts://localhost --tcp a --cert c.crt            | --cert and --key must be given together
            --broker mqtts://localhost --tcp a --ca no.crt             | no.crt cannot be read
            --broker mqtt://localhost --tcp a --credentials no.file    | no.file cannot be read
            --broker mqtt://localhost --tcp a --control interlock      | --control requires --allow-control
            --broker mqtt://localhost --tcp a --allow-control          | --allow-control requires --control
            --broker mqtt://localhost --tcp a --allow-control --control fuse-9 | --control fuse-9: there is no such channel
            --broker mqtt://localhost --tcp a --control-timeout 5      | --control-timeout requires --allow-control
            --broker mqtt://localhost --tcp a --repeat 1               | --repeat must be a number of seconds
            --broker mqtt://localhost --tcp a --for 0                  | --for must be a number of seconds
            --broker mqtt://localhost --tcp a --topic a/#              | --topic must be one or more topic levels
            --broker mqtt://localhost --tcp a --topic /a               | --topic must be one or more topic levels
            --broker mqtt://localhost --tcp a --collector Ä            | --collector must consist of
            --broker mqtt://localhost --tcp a --name a/b               | --name must consist of
            --broker mqtt://localhost --tcp a --name x --collector x   | --collector x is also the name of a board
            --broker mqtt://localhost --boards b.yaml --address 3      | With --boards, the file contains connection and reading options
            --broker mqtt://localhost --boards b.yaml --name a         | --name is for a single board
            --broker mqtt://localhost --boards no.yaml                 | no.yaml cannot be read
            --broker mqtt://localhost --tcp a --interval 0             | --interval must be a number of seconds
            --broker mqtt://localhost --tcp a --baud 9600              | --baud requires
            """)
    void wrongArgumentsAreTold(String arguments, String complaint) {
        String line = complaint(2, ("publish " + arguments).split(" +"));
        assertTrue(line.startsWith(complaint), line);
    }

    @Test
    void controlOnABusThatIsOnlyListenedToIsRefused() {
        assertTrue(complaint(2, "publish", "--socketcan", "can0", "--listen-only", "--sync", "1", "--broker",
                "mqtt://localhost").startsWith("--sync sends"));
    }

    @Test
    void aStateFolderMustBeThere() {
        assertTrue(complaint(1, "publish", "--tcp", "a", "--broker", "mqtt://localhost", "--state",
                folder.resolve("no").toString()).contains("is not a writable folder"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                                | no boards are listed under boards:
            boards: []                                                        | no boards are listed under boards:
            [1, 2]                                                            | the file must be a list of keys and values
            {board: []}                                                       | unknown key board in the file
            {boards: [truck]}                                                 | each board must be a list of keys and values
            {boards: [{tcp: a}]}                                              | the name of a board must consist of
            {boards: [{name: Truck, tcp: a}]}                                 | the name of a board must consist of
            {boards: [{name: -a, tcp: a}]}                                    | the name of a board must consist of
            {boards: [{name: a, tcp: a}, {name: a, tcp: b}]}                  | two boards have the name a
            {boards: [{name: a}]}                                             | board a: The connection is missing
            {boards: [{name: a, tcp: a, serial: b}]}                          | board a: Error: --serial=PATH, --tcp=HOST[:PORT] are mutually exclusive
            {boards: [{name: a, tcp: a, colour: red}]}                        | board a: Unknown option: '--colour=red'
            {boards: [{name: a, tcp: a, address: 300}]}                       | board a: --address must be a number from 0 to 255
            {boards: [{name: a, tcp: a, registers: ['battery#volts = 1']}]}   | board a: --register battery#volts = 1:
            {boards: [{name: a, tcp: a, bank: B!}]}                           | the name of a bank must consist of
            {boards: [{name: a, tcp: a, bank: a}]}                            | a board and a bank have the name a
            {boards: [{name: a, tcp: a}], banks: [{name: b}]}                 | no board belongs to the bank b
            {boards: [{name: a, tcp: a}], banks: [{name: b, connection: x}]}  | connection must be parallel or series, not x
            {boards: [{name: a, tcp: a}], banks: [{name: b, limits: x}]}      | limits must be lowest-times-number or sum, not x
            {boards: [{name: a, tcp: a, label: }]}                            | label has no value
            {boards: [{name: a, tcp: {x: y}}]}                                | a word or a number is required
            {boards: [{name: a, name: b}]}                                    |  line 1: found duplicate key name
            '{boards: '                                                       |  line 1:
            '!!java.net.URL [x]'                                              |  line 1: Global tag is not allowed
            """)
    void aWrongFileIsTold(String text, String complaint) throws IOException {
        String line = boards(text);
        assertTrue(line.startsWith(line.startsWith(" line") ? " " + complaint.strip() : ": " + complaint), line);
    }

    @Test
    void theFileSaysWhatTheCommandLineSays() throws IOException, WrongException {
        Path file = folder.resolve("boards.yaml");
        Files.writeString(file, """
                boards:
                  - {name: one, label: Number One, tcp: 'a:1502', framing: RTU, address: 7, interval: 2.5, bank: both}
                  - name: two
                    serial: /dev/ttyUSB0
                    baud: 19200
                    registers:
                      - battery#voltage = input:0x2104:REAL32
                      - battery#min-cell-voltage = input:0x2106:REAL32
                    bank: both
                  - {name: three, socketcan: can0, node: 5, listen-only: true, sync: 0, bank: other}
                banks:
                  - {name: other, label: Other, connection: series, limits: sum}
                """);
        BoardsFile read = BoardsFile.read(file);
        assertEquals(List.of("one", "two", "three"), read.boards().stream().map(BoardsFile.Board::id).toList());
        BoardsFile.Board one = read.boards().get(0);
        assertEquals("Number One", one.label());
        assertEquals(7, one.options().link.address());
        assertEquals("a", one.options().link.endpoint().host());
        assertEquals(2500, one.options().reading.settings(one.options().link).refresh().toMillis());
        BoardsFile.Board two = read.boards().get(1);
        assertEquals(2, two.options().reading.setup(two.options().link).locations().size());
        assertEquals(5, read.boards().get(2).options().link.canSettings().nodeId());
        assertEquals(
                List.of(new BankSource("other", "Other", Connection.SERIES, ParallelLimit.SUM),
                        new BankSource("both", "both", Connection.PARALLEL, ParallelLimit.LOWEST_TIMES_NUMBER)),
                read.banks());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "''| must contain the user in the first line",
            "'\npw'| must contain the user in the first line", "'a\nb\nc'| must contain the user in the first line" })
    void aFileOfCredentialsHasTwoLines(String text, String complaint) throws IOException {
        Path file = folder.resolve("credentials");
        Files.writeString(file, text.replace("pw", HIDDEN));
        assertTrue(
                complaint(2, "publish", "--tcp", "a", "--broker", "mqtt://localhost", "--credentials", file.toString())
                        .contains(complaint));
    }

    @Test
    void aKeyThatCannotBeUsedIsTold() throws Exception {
        Path key = folder.resolve("client.key");
        byte[] pkcs8 = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate().getEncoded();
        assertTrue(key(key, "RSA ", pkcs8).contains("openssl pkcs8 -topk8 -nocrypt"));
        assertTrue(key(key, "ENCRYPTED ", pkcs8).contains("openssl pkcs8 -topk8 -nocrypt"));
        assertTrue(key(key, "", new byte[20]).contains("a key of an unknown type"));
        Files.writeString(key, HIDDEN);
        assertTrue(tls(key).contains("contains no private key"));
        // The key is valid, so the certificate is checked next.
        assertTrue(key(key, "", pkcs8).contains("not a file of certificates"));
    }

    private String key(Path file, String kind, byte[] bytes) throws IOException {
        String name = kind + "PRIVATE" + " KEY";
        Files.writeString(file, "-----BEGIN " + name + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes)
                + "\n-----END " + name + "-----\n", StandardCharsets.US_ASCII);
        return tls(file);
    }

    private String tls(Path key) throws IOException {
        Path certificate = folder.resolve("client.crt");
        Files.writeString(certificate, "nothing");
        return complaint(2, "publish", "--tcp", "a", "--broker", "mqtts://localhost", "--cert", certificate.toString(),
                "--key", key.toString());
    }

    @Test
    void helpNamesTheOptionsAndTheExitCodes() {
        StringWriter out = new StringWriter();
        assertEquals(0, Bms.execute(new PrintWriter(out, true), new PrintWriter(out, true), "publish", "--help"));
        for (String word : List.of("--boards", "--broker", "--credentials", "BMS_MQTT_PASSWORD", "--allow-control",
                "--homeassistant", "4   the broker cannot be reached")) {
            assertTrue(out.toString().contains(word), word);
        }
        assertFalse(out.toString().contains("--password"), "what is refused is not offered");
    }
}
