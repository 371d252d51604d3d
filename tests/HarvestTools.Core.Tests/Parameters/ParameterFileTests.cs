using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Parameters;

namespace HarvestTools.Tests.Parameters;

/// <summary>What is read out of parameter files, and what is refused.</summary>
public sealed class ParameterFileTests
{
    private const string Yaml = """
        # comment
        defaults: &defaults { lr: 1e-3, momentum: 0.90 }
        train:
          <<: *defaults
          lr: 0.0010
          epochs: 012
          betas: [.9, +0.999, 1.]
          amp: True
          resume: ~
          name: "007"
          yes: no
          big: 12345678901234567890
        model: { depth: 50, norm.eps: 1e-5 }
        """;

    [Fact]
    public void Values_keep_their_digits_and_texts_stay_texts()
    {
        JsonObject values = Read("p.yaml", Yaml).Values;

        Assert.Equal("0.0010", values["train.lr"]!.ToJsonString());
        Assert.Equal("0.90", values["train.momentum"]!.ToJsonString());
        Assert.Equal("1e-3", values["defaults.lr"]!.ToJsonString());
        Assert.Equal("\"012\"", values["train.epochs"]!.ToJsonString());
        Assert.Equal("[0.9,0.999,1]", values["train.betas"]!.ToJsonString());
        Assert.Equal("true", values["train.amp"]!.ToJsonString());
        Assert.True(values.ContainsKey("train.resume") && values["train.resume"] is null);
        Assert.Equal("\"007\"", values["train.name"]!.ToJsonString());
        Assert.Equal("\"no\"", values["train.yes"]!.ToJsonString());
        Assert.Equal("12345678901234567890", values["train.big"]!.ToJsonString());
        Assert.Equal("1e-5", values["model.norm.eps"]!.ToJsonString());
    }

    [Theory]
    [InlineData("train.lr", "train.lr")]
    [InlineData("model", "model.depth model.norm.eps")]
    [InlineData("*.lr", "defaults.lr train.lr")]
    [InlineData("train.b*,model.depth", "train.betas train.big model.depth")]
    [InlineData("model.*", "model.depth model.norm.eps")]
    public void Keys_choose_what_is_below_them(string keys, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read("p.yaml", Yaml, keys).Values.Select(static pair => pair.Key)));

    [Fact]
    public void A_hash_of_values_is_blind_to_kind_order_and_spelling()
    {
        string yaml = ParameterFile.HashOf(Read("p.yaml", "train: {lr: 1e-3, n: 10}").Values);

        Assert.Equal(yaml, ParameterFile.HashOf(Read("p.json", """{"x": 1, "train": {"n": 10, "lr": 0.0010}}""", "train").Values));
        Assert.NotEqual(yaml, ParameterFile.HashOf(Read("p.yaml", "train: {lr: 2e-3, n: 10}").Values));
        Assert.NotEqual(yaml, ParameterFile.HashOf(Read("p.yaml", "train: {lr: \"1e-3\", n: 10}").Values));
        Assert.NotEqual(ParameterFile.HashOf(Read("p.yaml", "n: 9007199254740993").Values), ParameterFile.HashOf(Read("p.yaml", "n: 9007199254740992").Values));
    }

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3", "YamlMalformed", "line 3", "\"a\" is there twice")]
    [InlineData("a: 1\n---\nb: 2", "YamlMalformed", "line 2", "second document")]
    [InlineData("- 1\n- 2", "YamlMalformed", "line 1", "no mapping")]
    [InlineData("a: [1, 2", "YamlMalformed", "line 2", "")]
    [InlineData("a: *b", "YamlMalformed", "line 1", "no anchor")]
    [InlineData("a: &a [*a]", "YamlMalformed", "line 1", "no anchor")]
    [InlineData("? [1, 2]\n: 3", "YamlMalformed", "line 1", "plain text")]
    [InlineData("a: {<<: 3}", "YamlMalformed", "line 1", "merge key")]
    [InlineData("a.b: 1\na: {b: 2}", "ParameterKeyTwice", "a.b", "")]
    public void What_is_no_parameter_file_is_refused_with_its_place(string text, string error, string place, string what)
    {
        HarvestException fault = Assert.Throws<HarvestException>(() => Read("p.yaml", text));

        Assert.Equal(error, fault.ErrorId);
        Assert.Contains(place, fault.Message, StringComparison.Ordinal);
        Assert.Contains(what, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_that_double_with_every_line_are_refused_at_once()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        }

        Assert.Equal("ParameterFileTooLarge", Assert.Throws<HarvestException>(() => Read("p.yaml", text.ToString())).ErrorId);
        Assert.Equal("ParameterFileTooLarge", Assert.Throws<HarvestException>(() => Read("p.yaml", "a: " + new string('[', 200) + new string(']', 200))).ErrorId);
        Assert.Equal("ParameterFileTooLarge", Assert.Throws<HarvestException>(() => Read("p.json", "{" + string.Join(',', Enumerable.Range(0, 1001).Select(static i => $"\"k{i}\":1")) + "}")).ErrorId);
    }

    [Fact]
    public void A_key_that_is_not_there_and_a_file_of_another_kind_are_errors()
    {
        HarvestException fault = Assert.Throws<HarvestException>(() => Read("p.yaml", Yaml, "trian.lr"));

        Assert.Equal("ParameterKeyUnknown", fault.ErrorId);
        Assert.Contains("'train.lr'", fault.Message, StringComparison.Ordinal);
        Assert.Equal("ParameterOutOfRange", Assert.Throws<HarvestException>(() => Read("p.yaml", "a: 1e400")).ErrorId);
        Assert.Equal("ParameterFileUnknown", Assert.Throws<HarvestException>(() => Read("p.toml", "a = 1")).ErrorId);
        Assert.Equal("DuplicateKey", Assert.Throws<HarvestException>(() => Read("p.json", """{"a": 1, "a": 2}""")).ErrorId);
    }

    [Theory]
    [InlineData("params.yaml", "params.yaml", null)]
    [InlineData("params.yaml:train.*", "params.yaml", "train.*")]
    [InlineData(@"C:\x\params.yaml", @"C:\x\params.yaml", null)]
    [InlineData(@"C:\x\params.yaml:train", @"C:\x\params.yaml", "train")]
    [InlineData("odd:folder/params.yaml", "odd:folder/params.yaml", null)]
    public void A_drive_is_no_key(string text, string path, string? keys) =>
        Assert.Equal(new ParameterSelection(path, keys), ParameterSelection.Parse(text));

    private static ParameterFile Read(string name, string text, string? keys = null) => ParameterFile.Read(Encoding.UTF8.GetBytes(text), new ParameterSelection(name, keys));
}
