using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using CsCheck;
using HarvestTools.Json;

namespace HarvestTools.Tests.Json;

/// <summary>Objects whose tokens and canonical texts are found by the shape of those before them.</summary>
public sealed class JsonShapeTests
{
    private static readonly Gen<string> s_values = Gen.Frequency(
        (8, Gen.Double[-100, 100].Select(static number => number.ToString("R", CultureInfo.InvariantCulture))),
        (3, Gen.Int[0, 2000].Select(static number => number.ToString(CultureInfo.InvariantCulture))),
        (6, Gen.String[Gen.Char['a', 'z'], 0, 40].Select(static text => $"\"{text}\"")),
        (1, OneOf("\"\\u00e9\\n\"", "\"\\\\\"", "\"ü\"", "true", "false", "null", "1e3", "1.50", "-0.0", "123456789012345678901234567890", "[]", "{}", "[1,\"a\"]", "{\"b\":1,\"a\":[true]}")));

    /// <summary>Members of an object in the file's order; the last name sorts before those before it, and one is a beginning of another.</summary>
    private static readonly string[] s_names = ["original_width", "x", "value", "valuelabels", "ids", "a"];

    /// <summary>Arrays of objects of which most have the members of the one before.</summary>
    private static readonly Gen<string> s_arrays = Gen.Select(s_values.Array[s_names.Length], Gen.Int[0, 40], OneOf("", " ", "\n  ")).Array[0, 12].Select(static objects =>
    {
        var text = new StringBuilder("[");
        foreach ((string[] values, int odd, string space) in objects)
        {
            text.Append(text.Length > 1 ? "," : "").Append('{');
            for (int i = 0; i < values.Length; i++)
            {
                // Now and then a name is missing, another, or there twice.
                string name = i == odd ? "other\\u0061" : i + 10 == odd ? s_names[0] : s_names[i];
                text.Append(i > 0 ? $",{space}" : "").Append('"').Append(name).Append("\":").Append(space)
                    .Append(name == "value" ? $"{{\"y\":{values[i]},\"labels\":[{values[i]}],\"c\":{values[0]}}}" : values[i]);
                if (i + 20 == odd)
                {
                    break;
                }
            }

            text.Append('}');
        }

        return text.Append(']').ToString();
    });

    [Fact]
    public void Canonical_texts_are_those_of_objects_read_key_by_key() => s_arrays.Array[1, 3].Sample(
        static arrays =>
        {
            // Several values of one tape: shapes are remembered from one to the next.
            var shapes = new JsonShapes();
            foreach (string array in arrays)
            {
                // Something follows, so that the last object is not too near to the end to have its shape looked at.
                byte[] json = Encoding.UTF8.GetBytes($"{{\"a\":{array},\"end\":\"{new string('.', 300)}\"}}");
                Assert.Equal(Canonical(json, null), Canonical(json, shapes));
            }
        },
        iter: 3000);

    [Fact]
    public void Objects_of_one_shape_are_found_by_it()
    {
        string objects = string.Join(',', Enumerable.Range(0, 20).Select(static i => $$"""{"id":"r{{i}}","value":{"x":{{i}}.5,"on":true,"labels":["a"]},"note":null}"""));
        byte[] json = Encoding.UTF8.GetBytes($"{{\"a\":[{objects}],\"end\":\"{new string('.', 300)}\"}}");
        var tape = new JsonTape(new JsonShapes());
        tape.Load(json);
        var tokens = new JsonTokens(json, tape);
        var numbers = new List<byte>();
        while (tokens.Read())
        {
            if (tokens.TokenType == JsonTokenType.StartObject && tokens.Shape is { } shape)
            {
                numbers.Add(shape.Number);
                Assert.Equal(shape.Count, tokens.Closing - tokens.Place + 1);
                tokens.GoTo(tokens.Closing);
            }
        }

        Assert.Equal(20, numbers.Count);
        Assert.Single(numbers.Distinct());
    }

    [Fact]
    public void Two_shapes_that_take_turns_are_both_known()
    {
        string objects = string.Join(',', Enumerable.Range(0, 60).Select(static i => i % 4 == 0 ? $"{{\"box\":{i}}}" : $"{{\"point\":{i},\"parent\":\"p\"}}"));
        byte[] json = Encoding.UTF8.GetBytes($"{{\"a\":[{objects}],\"end\":\"{new string('.', 300)}\"}}");
        var shapes = new JsonShapes();
        int[] known = [0, 0];
        for (int pass = 0; pass < known.Length; pass++)
        {
            var tape = new JsonTape(shapes);
            tape.Load(json);
            var tokens = new JsonTokens(json, tape);
            while (tokens.Read())
            {
                known[pass] += tokens.Shape is null ? 0 : 1;
            }
        }

        Assert.Equal([60, 60], known);
    }

    /// <summary>Three texts are the same in all objects; then one has other values in turn, as sizes of images are.</summary>
    [Fact]
    public void Values_that_objects_have_in_common_belong_to_a_shape_for_each_of_the_few_that_there_are()
    {
        // In the end one member has so many that it is no longer in common, and two are.
        List<int> constants = ConstantsOf(Enumerable.Range(0, 1000), static i => i < 300 ? 0 : i < 700 ? i / 100 % 2 : i);

        Assert.Equal([0, 3, 0, 3, 3, 3, 2], [constants[0], constants[299], constants[300], constants[350], constants[450], constants[699], constants[999]]);

        // Another value is in a shape of its own at once.
        Assert.Equal([300], Enumerable.Range(250, 150).Where(i => constants[i] == 0));
    }

    [Fact]
    public void A_value_that_changes_often_belongs_to_no_shape()
    {
        List<int> constants = ConstantsOf(Enumerable.Range(0, 400), static i => i % 2);

        Assert.Equal(2, constants[399]);
        Assert.DoesNotContain(3, constants);
    }

    /// <summary>An object of which one value is not a text that is written as it is has the shape that has no values in it.</summary>
    [Fact]
    public void A_value_with_escapes_belongs_to_no_shape()
    {
        List<int> constants = ConstantsOf(Enumerable.Range(0, 400), static i => i is >= 300 and < 310 ? "\\u0031" : 1);

        Assert.Equal([3, 0, 0, 3], [constants[299], constants[300], constants[309], constants[310]]);
    }

    [Fact]
    public void Objects_of_ever_new_shapes_are_read_and_mostly_not_learned()
    {
        string objects = string.Join(',', Enumerable.Range(0, 5000).Select(static i => $"{{\"key{i}\":[{string.Join(',', Enumerable.Range(0, i % 30))}]}}"));
        byte[] json = Encoding.UTF8.GetBytes($"{{\"a\":[{objects}]}}");
        var shapes = new JsonShapes();

        Assert.Equal(Canonical(json, null), Canonical(json, shapes));
        int first = Learned(json, shapes);
        shapes.Renew();
        int second = Learned(json, shapes);

        Assert.InRange(first, 0, 5000 / 10);
        Assert.InRange(second, 0, 5000 / 10);
        Assert.Equal(Canonical(json, null), Canonical(json, shapes));
    }

    [Fact]
    public void An_object_that_would_be_nested_too_deeply_is_refused()
    {
        const string Inner = """{"a":{"b":{"c":1}}}""";
        string shallow = $"[{Inner},{Inner},{Inner}]";
        int depth = JsonTape.MaxDepth - 2;
        byte[] json = Encoding.UTF8.GetBytes($"[{shallow},{new string('[', depth)}{Inner}{new string(']', depth)},\"{new string('.', 300)}\"]");

        Assert.ThrowsAny<JsonException>(() => _ = Canonical(json, new JsonShapes()));
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    /// <summary>Of each object how many values belong to its shape; the texts are checked beside.</summary>
    private static List<int> ConstantsOf(IEnumerable<int> numbers, Func<int, object> origin)
    {
        IEnumerable<string> objects = numbers.Select(i => $"{{\"x\":{i},\"type\":\"t\",\"name\":\"n\",\"origin\":\"{origin(i)}\"}}");
        byte[] json = Encoding.UTF8.GetBytes($"{{\"a\":[{string.Join(',', objects)}],\"end\":\"{new string('.', 300)}\"}}");
        Assert.Equal(Canonical(json, null), Canonical(json, new JsonShapes()));
        var tape = new JsonTape(new JsonShapes());
        tape.Load(json);
        var tokens = new JsonTokens(json, tape);
        var constants = new List<int>();
        while (tokens.Read())
        {
            if (tokens.TokenType == JsonTokenType.StartObject && tokens.Shape is { } shape)
            {
                constants.Add(BitOperations.PopCount(shape.Constants));
            }
        }

        return constants;
    }

    private static int Learned(byte[] json, JsonShapes shapes)
    {
        var tape = new JsonTape(shapes);
        tape.Load(json);
        var tokens = new JsonTokens(json, tape);
        int learned = 0;
        while (tokens.Read())
        {
            learned += tokens.Shape is null ? 0 : 1;
        }

        return learned;
    }

    private static string Canonical(byte[] json, JsonShapes? shapes)
    {
        var tape = new JsonTape(shapes);
        tape.Load(json);
        var tokens = new JsonTokens(json, tape);
        tokens.Read();
        var written = new ByteWriter();
        new CanonicalWriter(exactIntegers: true).Append(ref tokens, written);
        return Encoding.UTF8.GetString(written.Written);
    }
}
