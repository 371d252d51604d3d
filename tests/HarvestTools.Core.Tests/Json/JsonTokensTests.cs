using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using HarvestTools.Json;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Json;

/// <summary>The project's own tokenizer against the framework's, token by token: neither may accept what the other refuses.</summary>
public sealed class JsonTokensTests
{
    /// <summary>Long enough that strings and numbers cross the width of a vector, and with every construct of JSON.</summary>
    private const string Sample = """
         { "a" : [ 1 , -0 , 0.5, 1e5, -12.25E-3 ,10E+2, 1234567890123456789012345678901234567890.25 ],"\u0062\n":"\ud83d\ude00\/\\\"é",
        "c":{"":{},"d":[[],[ ],[[1]]],"e":true,"f":false,"g":null}, "long":"a text that is longer than one vector of thirty-two bytes, and than two of them",
        "long\tkey with an escape behind the first thirty-two bytes \u00e9":"x","n":70.60423191635876,"m":"\b\f\r\t" }
        """;

    public static TheoryData<string> Values { get; } =
    [
        "1", "-1", "0", "-0", "01", "-", "1.", ".5", "1.e1", "1e", "1e+", "1e+1", "1E-1", "1.5.5", "+1", "0x1", "1 2", "1,", "1]", "NaN", "-Infinity",
        "true", "tru", "truex", "false", "null", "nul", "True", "", " ", "\"", "\"a", "\"a\"", "\"\\\"", "\"\\u12\"", "\"\\u123g\"", "\"\\u1234\"", "\"\\x\"",
        "\"\u0001\"", "\"\t\"", "[", "]", "[]", "[,]", "[1,]", "[1 1]", "[1", "[[1]", "[1]]", "{", "}", "{}", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
        "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{a:1}", "{1:1}", "{\"a\":1]", "[1}", "{\"a\":[}", "[{\"a\":1}]", "//c\n1", "1//c", "\uFEFF1", "\v1", "1\0", "\0",
        "\"\\ud800\"", "\"\u007f\"", "[1/2]", "[1\"a\"]", "[\"a\"1]", "[true1]", "[1true]", "{\"a\"::1}", "{\"a\":1:2}",
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void Small_values(string json) => AssertSame(Encoding.UTF8.GetBytes(json));

    [Fact]
    public void The_sample_is_read_to_its_end()
    {
        string tokens = Tokens(Encoding.UTF8.GetBytes(Sample));

        Assert.DoesNotContain("refused", tokens, StringComparison.Ordinal);
        Assert.Contains("PropertyName", tokens, StringComparison.Ordinal);
        AssertSame(Encoding.UTF8.GetBytes(Sample));
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    public void Nesting(int depth)
    {
        AssertSame(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth)));
        AssertSame(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":[", depth / 2)) + "1" + string.Concat(Enumerable.Repeat("]}", depth / 2))));
        AssertSame(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[{\"a\":", (depth / 2) + 1)) + "1"));
    }

    [Fact]
    public void Every_truncation()
    {
        byte[] json = Encoding.UTF8.GetBytes(Sample);
        for (int length = 0; length < json.Length; length++)
        {
            AssertSame(json.AsSpan(0, length));
        }
    }

    [Fact]
    public void Every_byte_replaced()
    {
        byte[] json = Encoding.UTF8.GetBytes(Sample);
        for (int at = 0; at < json.Length; at++)
        {
            byte kept = json[at];
            foreach (byte wrong in "\0\n\t \"\\{}[]:,-+0e.u/x\u007f"u8)
            {
                json[at] = wrong;
                AssertSame(json);
            }

            json[at] = kept;
        }
    }

    /// <summary>Bytes taken out, copied in from elsewhere or changed; one of these up to three times.</summary>
    [Fact]
    public void Random_damage() => Gen.Select(Gen.Int[0, 2], Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue], Gen.Int[1, 7], Gen.Byte).Array[1, 3].Select(static changes =>
    {
        byte[] sample = Encoding.UTF8.GetBytes(Sample);
        var json = new List<byte>(sample);
        foreach ((int kind, int place, int from, int length, byte value) in changes)
        {
            int at = place % json.Count;
            switch (kind)
            {
                case 0:
                    json.RemoveRange(at, Math.Min(length, json.Count - at));
                    break;
                case 1:
                    json.InsertRange(at, sample.AsSpan(from % (sample.Length - 8), length).ToArray());
                    break;
                default:
                    json[at] = value;
                    break;
            }
        }

        return json.ToArray();
    }).Sample(static json => AssertSame(json), iter: 8000, print: Encoding.Latin1.GetString);

    [Fact]
    public void Every_shared_export()
    {
        string folder = Path.GetDirectoryName(SharedExports.Require("MANIFEST.md"))!;
        foreach (string file in Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories))
        {
            AssertSame(File.ReadAllBytes(file));
        }
    }

    [Fact]
    public void Skipping_stands_where_the_framework_does()
    {
        byte[] json = Encoding.UTF8.GetBytes(Sample);
        var ours = new JsonTokens(json);
        var theirs = new Utf8JsonReader(json, JsonTokens.Options);
        ours.Read();
        theirs.Read();
        while (ours.Read())
        {
            Assert.True(theirs.Read());
            ours.Skip();
            theirs.Skip();
            Assert.Equal((theirs.TokenType, theirs.BytesConsumed), (ours.TokenType, ours.TokenEnd));
        }

        Assert.False(theirs.Read());
    }

    [Theory]
    [InlineData("")]
    [InlineData("]")]
    [InlineData(",tru")]
    [InlineData("]x")]
    public void Values_of_more_tokens_than_a_window_holds(string end)
    {
        // 420,000 tokens, with an object that is open from the first window to the last and small ones across each border.
        var text = new StringBuilder("{\"a\":[");
        for (int i = 0; i < 60_000; i++)
        {
            text.Append(i == 0 ? "" : ",").Append("[{\"k\":").Append(i).Append("}]");
        }

        AssertSame(Encoding.UTF8.GetBytes(text.Append(end == "]" ? "]}" : end).ToString()));
    }

    [Fact]
    public void Containers_are_skipped_across_windows()
    {
        byte[] json = Encoding.UTF8.GetBytes(
            "{\"a\":[" + string.Join(',', Enumerable.Repeat("{\"k\":[1]}", 100_000)) + "],\"b\":{\"c\":2},\"d\":3}");
        var tokens = new JsonTokens(json);
        tokens.Read();
        var keys = new List<string>();
        while (tokens.Read() && tokens.TokenType == JsonTokenType.PropertyName)
        {
            keys.Add(Encoding.UTF8.GetString(tokens.ValueSpan));
            tokens.Skip();
        }

        Assert.Equal(["a", "b", "d"], keys);
        Assert.Equal(JsonTokenType.EndObject, tokens.TokenType);
        Assert.False(tokens.Read());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public void A_tape_is_read_again_from_its_beginning(int elements)
    {
        byte[] json = Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Range(0, elements)) + "]");
        var tape = new JsonTape();
        tape.Load(json);
        for (int pass = 0; pass < 3; pass++)
        {
            long sum = 0;
            var tokens = new JsonTokens(json, tape);
            while (tokens.Read())
            {
                sum += tokens.TokenType == JsonTokenType.Number ? long.Parse(tokens.ValueSpan, CultureInfo.InvariantCulture) : 0;
            }

            Assert.Equal((long)elements * (elements - 1) / 2, sum);
        }
    }

    [Fact]
    public void Escaped_texts_are_unescaped_and_compared()
    {
        byte[] json = Encoding.UTF8.GetBytes("""["\u00e9\n\ud83d\ude00","\ud800"]""");
        var tokens = new JsonTokens(json);
        tokens.Read();
        tokens.Read();
        var room = new byte[json.Length];

        Assert.True(tokens.ValueIsEscaped);
        Assert.Equal("é\n😀", Encoding.UTF8.GetString(room, 0, tokens.Unescape(room)));
        Assert.True(tokens.TextEquals("é\n😀"u8));
        Assert.False(tokens.TextEquals("é"u8));

        tokens.Read();
        int position = -1;
        try
        {
            tokens.Unescape(room);
        }
        catch (CanonicalJsonException half)
        {
            position = (int)half.Position;
        }

        Assert.Equal(json.AsSpan().LastIndexOf("\"\\ud800"u8), position);
    }

    private static void AssertSame(ReadOnlySpan<byte> json)
    {
        string expected = FrameworkTokens(json);
        var shapes = new JsonShapes();
        foreach (string actual in (string[])[Tokens(json), Tokens(json, shapes), Tokens(json, shapes)])
        {
            if (expected != actual)
            {
                Assert.Fail($"{Encoding.Latin1.GetString(json)}\nframework:\n{expected}\nours:\n{actual}");
            }
        }
    }

    private static string Tokens(ReadOnlySpan<byte> json, JsonShapes? shapes = null)
    {
        var text = new StringBuilder();
        try
        {
            var tape = new JsonTape(shapes);
            tape.Load(json);
            var tokens = new JsonTokens(json, tape);
            while (tokens.Read())
            {
                Describe(text, tokens.TokenType, tokens.TokenStart, tokens.TokenEnd, tokens.ValueIsEscaped, tokens.ValueSpan);
            }
        }
        catch (JsonException fault)
        {
            text.Append("refused at ").Append(fault.LineNumber).Append(':').Append(fault.BytePositionInLine);
        }

        return text.ToString();
    }

    private static string FrameworkTokens(ReadOnlySpan<byte> json)
    {
        var text = new StringBuilder();
        try
        {
            var tokens = new Utf8JsonReader(json, JsonTokens.Options);
            while (tokens.Read())
            {
                bool texts = tokens.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
                long end = tokens.TokenType == JsonTokenType.PropertyName
                    ? tokens.TokenStartIndex + tokens.ValueSpan.Length + 2
                    : tokens.BytesConsumed;
                Describe(text, tokens.TokenType, tokens.TokenStartIndex, end, texts && tokens.ValueIsEscaped, tokens.ValueSpan);
            }
        }
        catch (JsonException fault)
        {
            text.Append("refused at ").Append(fault.LineNumber).Append(':').Append(fault.BytePositionInLine);
        }

        return text.ToString();
    }

    private static void Describe(StringBuilder text, JsonTokenType type, long start, long consumed, bool escaped, ReadOnlySpan<byte> value)
    {
        escaped &= type is JsonTokenType.String or JsonTokenType.PropertyName;
        text.Append(type).Append(' ').Append(start).Append('-').Append(consumed).Append(escaped ? " escaped " : " ")
            .Append(Encoding.Latin1.GetString(value)).Append('\n');
    }
}
