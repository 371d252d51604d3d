using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using HarvestTools.Json;

namespace HarvestTools.Tests.Json;

public sealed class CanonicalJsonTests
{
    /// <summary>Alike in their first eight bytes, escaped, beyond ASCII and empty ones among them.</summary>
    private static readonly string[] s_keys =
    [
        "x", "y", "width", "height", "rotation", "original_width", "original_height", "", "é", "\\u0061", "a", "\\n", "keypoint\\t", "keypointé",
        "keypoint", "\\ud83d\\ude00",
    ];

    /// <summary>Objects of few or many members inside each other, with keys that occur twice.</summary>
    private static readonly Gen<string> s_object = Gen.Recursive<string>(static (depth, inner) =>
    {
        Gen<string> key = Gen.OneOf(Gen.Int[0, 39].Select(static n => $"k{n}"), Gen.OneOf(s_keys[..5]), Gen.OneOf(s_keys));
        Gen<string> number = Gen.Int[0, 99].Select(static n => n.ToString(CultureInfo.InvariantCulture));
        Gen<string> member = Gen.Select(
            key, depth < 4 ? Gen.Frequency((2, (IGen<string>)number), (1, inner)) : number, static (name, value) => $"\"{name}\":{value}");
        return Gen.Frequency((8, (IGen<string[]>)member.Array[0, 6]), (1, depth < 2 ? member.Array[20, 39] : member.Array[0, 6]))
            .Select(static members => $"{{{string.Join(',', members)}}}");
    });

    /// <summary>Decimals of 1 to 17 digits with the point anywhere.</summary>
    private static readonly Gen<string> s_number = Gen.Select(
        Gen.Int[1, 17].SelectMany(static digits => Gen.Long[0, (long)Math.Pow(10, digits) - 1]),
        Gen.Int[0, 25],
        Gen.Frequency((1, "-"), (3, "")),
        static (value, place, sign) =>
        {
            string digits = value.ToString(CultureInfo.InvariantCulture);
            int point = (place % (digits.Length + 9)) - 8;
            return sign + (point <= 0 ? "0." + new string('0', -point) + digits
                : point == digits.Length ? digits
                : digits[..point] + "." + digits[point..]);
        });

    /// <summary>RFC 8785, appendix B: the bits of a double and its text.</summary>
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Numbers_are_written_as_ECMAScript_does(string bits, string expected)
    {
        double value = BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

        // 17 significant digits give every double back, so the text is not the expected one already.
        Assert.Equal(expected, Canonical(value.ToString("E16", CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("0.0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-0.0e5", "0")]
    [InlineData("1e2", "100")]
    [InlineData("100.0", "100")]
    [InlineData("1E-7", "1e-7")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("0.05", "0.05")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("1.50", "1.5")]
    [InlineData("123456789012345", "123456789012345")]
    [InlineData("1234567890123456789", "1234567890123456800")]
    [InlineData("164.63400000000001", "164.63400000000001")]
    [InlineData("0.1000000000000000055511151231257827", "0.1")]
    [InlineData("20.54721030042918", "20.54721030042918")]
    [InlineData("9.99999999999999999", "10")]
    [InlineData("90.00000000000001", "90.00000000000001")]
    [InlineData("90.000000000000005", "90")]
    [InlineData("1e-400", "0")]
    public void Equal_numbers_have_one_spelling(string written, string expected) => Assert.Equal(expected, Canonical(written));

    [Fact]
    public void Every_text_taken_as_canonical_is_what_formatting_gives()
    {
        int taken = 0;
        s_number.Sample(
            text =>
            {
                if (CanonicalNumber.IsCanonical(Encoding.UTF8.GetBytes(text)))
                {
                    Interlocked.Increment(ref taken);
                    var to = new ByteWriter();
                    CanonicalNumber.Append(double.Parse(text, CultureInfo.InvariantCulture), to);
                    Assert.Equal(text, Encoding.UTF8.GetString(to.Written));
                }
            },
            iter: 200_000);

        Assert.True(taken > 50_000, $"only {taken} of 200,000 numbers took the short cut");
    }

    /// <summary>RFC 8785, section 3.2.3.</summary>
    [Fact]
    public void Keys_are_sorted_by_UTF16_units()
    {
        const string Json = """
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """;

        Assert.Equal(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\","
            + "\"\u20ac\":\"Euro Sign\",\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
            Canonical(Json));
    }

    /// <summary>RFC 8785, sections 3.2.2 to 3.2.4: the sample and its bytes.</summary>
    [Fact]
    public void The_sample_of_the_specification_has_the_bytes_of_the_specification()
    {
        const string Json = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;

        Assert.Equal(
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
            + "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
            Canonical(Json));
    }

    [Theory]
    [InlineData("{\"b\":1,\"a\":{\"d\":[],\"c\":{}}}", "{\"a\":{\"c\":{},\"d\":[]},\"b\":1}")]
    [InlineData("{\"a\":1,\"a\":2}", "{\"a\":2}")]
    [InlineData("{\"a\":1,\"b\":0,\"\\u0061\":{\"z\":1,\"y\":2}}", "{\"a\":{\"y\":2,\"z\":1},\"b\":0}")]
    [InlineData("[\"\\/\",\"\\u00e9\",\"\\b\\f\\t\\u007f\"]", "[\"/\",\"é\",\"\\b\\f\\t\u007f\"]")]
    [InlineData("{\"\\\"\":1,\"#\":2,\"\\u0001\":3,\"a\\n\":4,\"a\\u0001\":5,\"a\":6,\"]\":7,\"\\\\\":8}", "{\"\\u0001\":3,\"\\\"\":1,\"#\":2,\"\\\\\":8,\"]\":7,\"a\":6,\"a\\u0001\":5,\"a\\n\":4}")]
    [InlineData(" null ", "null")]
    public void Spelling_and_order_do_not_matter(string json, string expected) => Assert.Equal(expected, Canonical(json));

    [Fact]
    public void Objects_with_many_keys_are_sorted_too()
    {
        int[] numbers = [.. Enumerable.Range(0, 500)];
        new Random(1).Shuffle(numbers);
        string json = "{" + string.Join(',', numbers.Select(static n => $"\"k{n:000}\":{{\"b\":{n},\"a\":0}}")) + "}";

        string expected = "{" + string.Join(',', numbers.Order().Select(static n => $"\"k{n:000}\":{{\"a\":0,\"b\":{n}}}")) + "}";

        Assert.Equal(expected, Canonical(json));
    }

    /// <summary>Against a sort of the framework's own reading, for objects of all kinds of keys inside each other.</summary>
    [Fact]
    public void Random_objects_are_sorted_as_their_keys_UTF16_units_tell()
    {
        s_object.Sample(
            static json =>
            {
                var expected = new StringBuilder();
                using (var document = JsonDocument.Parse(json))
                {
                    WriteSorted(document.RootElement, expected);
                }

                Assert.Equal(expected.ToString(), Canonical(json));
            },
            iter: 3000);
    }

    [Fact]
    public void Objects_across_the_windows_of_a_long_value_are_sorted_too()
    {
        // Some 400,000 tokens: more than a window's, so that an object begins in one and ends in the next.
        string item(int n, string order) => order == "ba" ? $"{{\"b\":[{n},{n}],\"a\":{{\"d\":1,\"c\":2}}}}" : $"{{\"a\":{{\"c\":2,\"d\":1}},\"b\":[{n},{n}]}}";
        string json = "{\"z\":[" + string.Join(',', Enumerable.Range(0, 30_000).Select(n => item(n, "ba"))) + "],\"y\":0}";
        string expected = "{\"y\":0,\"z\":[" + string.Join(',', Enumerable.Range(0, 30_000).Select(n => item(n, "ab"))) + "]}";

        Assert.Equal(expected, Canonical(json));
    }

    [Fact]
    public void A_tree_has_the_bytes_of_its_text()
    {
        var tree = new JsonObject { ["b"] = 1.0, ["a"] = new JsonArray("é", null, 1e21) };

        Assert.Equal("{\"a\":[\"é\",null,1e+21],\"b\":1}", Encoding.UTF8.GetString(CanonicalJson.Of(tree)));
        Assert.Equal("null", Encoding.UTF8.GetString(CanonicalJson.Of((JsonNode?)null)));
    }

    [Theory]
    [InlineData("", "JsonMalformed")]
    [InlineData("{} {}", "JsonMalformed")]
    [InlineData("{\"a\":}", "JsonMalformed")]
    [InlineData("[1e400]", "JsonNotCanonical")]
    [InlineData("\"\\ud800\"", "JsonNotCanonical")]
    public void What_has_no_canonical_form_is_refused(string json, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<HarvestException>(() => Canonical(json)).ErrorId);

    [Fact]
    public void Nesting_beyond_the_limit_is_refused() =>
        Assert.Equal("JsonMalformed", Assert.Throws<HarvestException>(() => Canonical(new string('[', 5000))).ErrorId);

    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));

    private static void WriteSorted(JsonElement element, StringBuilder to)
    {
        if (element.ValueKind == JsonValueKind.Number)
        {
            to.Append(element.GetRawText());
            return;
        }

        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        to.Append('{');
        foreach ((string key, JsonElement value) in members)
        {
            to.Append(to[^1] == '{' ? "" : ",").Append('"').Append(key.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)).Append("\":");
            WriteSorted(value, to);
        }

        to.Append('}');
    }
}
