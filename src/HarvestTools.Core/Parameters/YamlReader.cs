using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HarvestTools.Parameters;

/// <summary>
/// YAML as JSON, by the core schema of YAML 1.2: <c>true</c> and <c>false</c> are truth values, <c>yes</c> is a text, and a number
/// keeps the digits that it is written in. Aliases and merge keys are followed, within bounds. It reads the parser's events and no
/// objects, so that a tag in a file makes nothing.
/// </summary>
internal sealed partial class YamlReader
{
    private const int MaxDepth = 64;

    // Aliases of aliases double with every line; no file of parameters comes near this.
    private const int MostNodes = 50_000;

    private readonly Parser _parser;
    private readonly string _file;
    private readonly Dictionary<string, (JsonNode? Node, int Count)> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    private YamlReader(string text, string file)
    {
        _parser = new Parser(new StringReader(text));
        _file = file;
    }

    /// <summary>The file's one document; null where it is empty.</summary>
    /// <exception cref="HarvestException">YamlMalformed, ParameterFileTooLarge.</exception>
    public static JsonNode? Read(string text, string file)
    {
        var reader = new YamlReader(text, file);
        try
        {
            return reader.Document();
        }
        catch (YamlException fault)
        {
            throw ParameterErrors.YamlMalformed(file, fault.Start.Line, fault.Start.Column, Strings.PlainText.OneLine(fault.Message).TrimEnd('.'));
        }
    }

    private JsonNode? Document()
    {
        Next<StreamStart>();
        if (Move() is StreamEnd)
        {
            return null;
        }

        Move();
        JsonNode? root = Node(0);
        Next<DocumentEnd>();
        return Move() is StreamEnd ? root : throw Fault("a second document begins; parameters are one document");
    }

    /// <summary>The node that the present event begins.</summary>
    private JsonNode? Node(int depth)
    {
        if (depth > MaxDepth)
        {
            throw ParameterErrors.ParameterFileTooLarge(_file, string.Create(CultureInfo.InvariantCulture, $"it is nested deeper than {MaxDepth} levels"));
        }

        Count(1);
        int before = _nodes - 1;
        JsonNode? node;
        AnchorName anchor;
        switch (_parser.Current)
        {
            case AnchorAlias alias:
                return Alias(alias);
            case Scalar scalar:
                (node, anchor) = (Value(scalar), scalar.Anchor);
                break;
            case SequenceStart sequence:
                (node, anchor) = (List(depth), sequence.Anchor);
                break;
            case MappingStart mapping:
                (node, anchor) = (Mapping(depth), mapping.Anchor);
                break;
            default:
                throw Fault("a value is missing");
        }

        if (!anchor.IsEmpty)
        {
            // Known once it is whole: one that names itself has no end.
            _anchors[anchor.Value] = (node, _nodes - before);
        }

        return node;
    }

    private JsonNode? Alias(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out (JsonNode? Node, int Count) known))
        {
            throw Fault($"the alias *{alias.Value.Value} has no anchor before it");
        }

        Count(known.Count);
        return known.Node?.DeepClone();
    }

    private JsonArray List(int depth)
    {
        var list = new JsonArray();
        while (Move() is not SequenceEnd)
        {
            list.Add(Node(depth + 1));
        }

        return list;
    }

    private JsonObject Mapping(int depth)
    {
        var own = new JsonObject();
        var merged = new List<JsonObject>();
        while (Move() is not MappingEnd)
        {
            if (_parser.Current is not Scalar key)
            {
                throw Fault("a key is no plain text");
            }

            Mark place = key.Start;
            Move();
            JsonNode? value = Node(depth + 1);
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                merged.AddRange(Merged(value, place));
            }
            else if (!own.TryAdd(key.Value, value))
            {
                throw Fault($"the key \"{key.Value}\" is there twice", place);
            }
        }

        // What is merged gives way to the mapping's own keys, wherever they are, and to what is merged before it.
        foreach (KeyValuePair<string, JsonNode?> member in merged.SelectMany(static one => one).Where(member => !own.ContainsKey(member.Key)).ToArray())
        {
            own.TryAdd(member.Key, member.Value?.DeepClone());
        }

        return own;
    }

    private IEnumerable<JsonObject> Merged(JsonNode? value, Mark place) => value switch
    {
        JsonObject one => [one],
        JsonArray several when several.All(static item => item is JsonObject) => several.Select(static item => item!.AsObject()),
        _ => throw Fault("the merge key << has no mapping", place),
    };

    private static JsonNode? Value(Scalar scalar)
    {
        string text = scalar.Value;
        bool isText = scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value is "!" or "tag:yaml.org,2002:str");
        return isText ? JsonValue.Create(text) : text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ => Number().IsMatch(text) ? JsonNode.Parse(Token(text)) : JsonValue.Create(text),
        };
    }

    /// <summary>A number as JSON writes it: without a plus, and with a digit on either side of the point. All digits stay.</summary>
    private static string Token(string text)
    {
        bool minus = text[0] == '-';
        string digits = text.TrimStart('+', '-');
        int exponent = digits.IndexOfAny(['e', 'E']);
        string mantissa = exponent < 0 ? digits : digits[..exponent];
        mantissa = mantissa.StartsWith('.') ? "0" + mantissa : mantissa;
        return (minus ? "-" : "") + mantissa.TrimEnd('.') + (exponent < 0 ? "" : digits[exponent..]);
    }

    private void Count(int nodes)
    {
        _nodes += nodes;
        if (_nodes > MostNodes)
        {
            throw ParameterErrors.ParameterFileTooLarge(_file, string.Create(CultureInfo.InvariantCulture, $"with its aliases it has over {MostNodes} values"));
        }
    }

    private ParsingEvent Move() => _parser.MoveNext() ? _parser.Current! : throw Fault("it ends too early");

    private void Next<T>()
    {
        if (Move() is not T)
        {
            throw Fault("it is no YAML document");
        }
    }

    private HarvestException Fault(string what, Mark? place = null)
    {
        Mark at = place ?? _parser.Current?.Start ?? Mark.Empty;
        return ParameterErrors.YamlMalformed(_file, at.Line, at.Column, what);
    }

    // A whole number with zeros before it is an octal one to some readers, and stays as it is written.
    [GeneratedRegex(@"^[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Number();
}
