using HarvestTools.Derivation.Filters;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>What was chosen, written or rated, as the tables have it, as annotators are compared by it, and each text in it.</summary>
public sealed class ChosenValueTests
{
    // One of it is used for many items.
    private static readonly ChosenValue Value = new();

    [Theory]
    [InlineData("choices", """{"choices":["a"]}""", "a", "\"a\"", "a")]
    [InlineData("choices", """{ "x": 1, "choices" : [ "b", "a", "b" ], "y": [2] }""", """["b","a","b"]""", "\"a\",\"b\"", "b|a|b")]
    [InlineData("choices", """{"choices":["a","ab","a"]}""", """["a","ab","a"]""", "\"a\",\"ab\"", "a|ab|a")]
    [InlineData("choices", """{"choices":"a"}""", "a", "\"a\"", "a")]
    [InlineData("choices", """{"choices":["a"],"choices":["b"]}""", "b", "\"b\"", "b")]
    [InlineData("choices", """{"choices":[]}""", null, "", "")]
    [InlineData("choices", """{"choices":[[]]}""", null, "[]", "")]
    [InlineData("choices", """{"choices":""}""", null, "\"\"", "")]
    [InlineData("choices", """{"choices":[""]}""", null, "\"\"", "")]
    [InlineData("choices", """{"choices":null}""", null, "null", "")]
    [InlineData("choices", """{"choices":[null]}""", null, "null", "")]
    [InlineData("choices", """{"choices":["a\"\u0041\\"]}""", "a\"A\\", "\"a\\\"A\\\\\"", "a\"A\\")]
    [InlineData("choices", """{"choices":["\u005b"]}""", "[", "\"[\"", "[")]
    [InlineData("taxonomy", """{"taxonomy":[["a","b"]]}""", """["a","b"]""", """["a","b"]""", "a|b")]
    [InlineData("taxonomy", """{"taxonomy":[["c"],["a","b"]]}""", """[["c"],["a","b"]]""", """["a","b"],["c"]""", "c|a|b")]
    [InlineData("taxonomy", """{"taxonomy":[[["c"]]]}""", "c", "[[\"c\"]]", "c")]
    [InlineData("textarea", """{"textarea":["no"],"text":["two\nlines"]}""", "two\nlines", "\"two\\nlines\"", "two\nlines")]
    [InlineData("number", """{"number":4.0}""", "4", "4", "")]
    [InlineData("number", """{"number":9007199254740993}""", "9007199254740993", "9007199254740993", "")]
    [InlineData("rating", """{"rating":0}""", "0", "0", "")]
    [InlineData("pairwise", """{"selected":"left"}""", """{"selected":"left"}""", """{"selected":"left"}""", "left")]
    [InlineData("choices", "\"plain\"", "plain", "\"plain\"", "plain")]
    [InlineData("choices", """["x","choices"]""", """["x","choices"]""", "\"choices\",\"x\"", "x|choices")]
    [InlineData("choices", null, null, "null", "")]
    public void Each_kind_of_item_gives_one_value(string type, string? json, string? value, string set, string texts)
    {
        var region = new Region { Type = Utf8Text.From(type), Value = Utf8Text.From(json) };
        var arena = new TextArena();
        Utf8Text found = Value.Of(region, arena, out Utf8Text foundSet);
        Assert.Equal((value, set), (found.IsAbsent ? null : found.ToString(), foundSet.ToString()));
        Assert.Equal(texts, string.Join('|', Value.Texts(region, arena)));
    }

    [Fact]
    public void Attributes_are_one_object_in_the_order_of_their_tags()
    {
        var json = new AttributeJson();
        var arena = new TextArena();
        Assert.Equal("", Of());
        Assert.Equal("""{"state":["far"]}""", Of(("state", "choices", """{"choices":["far"]}""")));
        Assert.Equal(
            """{"note":["b"],"state":[4,["far"],["near"]],"q\"":1}""",
            Of(
                ("note", "textarea", """{"text":["b"]}"""),
                ("state", "choices", """{"choices":["near"]}"""), ("state", "choices", """{"choices":["far"]}"""), ("state", "number", """{"number":4}"""),
                ("q\"", "rating", """{"rating":1}""")));

        // Without a tag the type names it.
        Assert.Equal("""{"rating":1,"number":2}""", Of((null, "rating", """{"rating":1}"""), (null, "number", """{"number":2}""")));

        string Of(params (string? Tag, string Type, string Json)[] items)
        {
            json.Begin();
            foreach ((string? tag, string type, string value) in items)
            {
                json.Add(new Region { FromName = Utf8Text.From(tag), Type = Utf8Text.From(type), Value = Utf8Text.From(value) }, arena);
            }

            return json.End(arena).ToString();
        }
    }
}
