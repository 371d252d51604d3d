using System.Text;
using System.Xml;

namespace HarvestTools.LabelStudio.Configs;

/// <summary>
/// The XML to tags, by the rules of Label Studio's editor: a tag with name and toName is a control; one with name and value or
/// valueList, and without toName, shows data; Label and Choice belong to the nearest control around them; the names of
/// attributes may be in any case.
/// </summary>
internal sealed class LabelConfigParser
{
    /// <summary>More than a hundred thousand choices; a larger file is something else.</summary>
    public const int LargestFile = 16 * 1024 * 1024;

    private const string DefaultIndexFlag = "{{idx}}";

    private readonly string _file;
    private readonly XmlReader _xml;
    private readonly List<ObjectTag> _objects = [];
    private readonly List<ControlTag> _controls = [];
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    // What each open element brought into force: a control, and a Repeater's placeholder.
    private readonly Stack<(ControlTag? Control, int Flags)> _open = new();
    private readonly List<string> _flags = [];

    private LabelConfigParser(string file, XmlReader xml)
    {
        _file = file;
        _xml = xml;
    }

    public static LabelConfig Parse(byte[] xml, string file)
    {
        if (xml.Length > LargestFile)
        {
            throw LabelConfigErrors.LabelConfigTooLarge(file, LargestFile);
        }

        if (NotXml(xml) is { } found)
        {
            throw LabelConfigErrors.LabelConfigNotXml(file, found);
        }

        // What a stranger wrote is read: nothing else is opened on its behalf, and nothing in it grows.
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = LargestFile,
            MaxCharactersFromEntities = 1024,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using XmlReader reader = XmlReader.Create(new MemoryStream(xml), settings);
            return new LabelConfigParser(file, reader).Read();
        }
        catch (XmlException fault)
        {
            throw Malformed(xml, file, fault);
        }
    }

    private LabelConfig Read()
    {
        while (_xml.Read())
        {
            switch (_xml.NodeType)
            {
                case XmlNodeType.Element:
                    Begin();
                    break;
                case XmlNodeType.EndElement:
                    End();
                    break;
                default:
                    break;
            }
        }

        return _objects.Count + _controls.Count > 0 ? new LabelConfig(_objects, _controls) : throw LabelConfigErrors.LabelConfigHasNoTags(_file);
    }

    private void Begin()
    {
        string type = _xml.Name;
        bool isEmpty = _xml.IsEmptyElement;
        Dictionary<string, string> attributes = Attributes();
        ControlTag? control = _open.Count > 0 ? _open.Peek().Control : null;
        bool isRepeater = Is(type, "Repeater");
        if (Is(type, "Label") || Is(type, "Choice"))
        {
            AddLabel(control, Is(type, "Choice"), attributes);
        }
        else if (!isRepeater && !Is(type, "Filter"))
        {
            // Filter has name and toName and makes no labels.
            control = AddTag(type, attributes) ?? control;
        }

        if (isEmpty)
        {
            return;
        }

        if (Is(type, "HyperText"))
        {
            // What is inside is the text that is shown, in which HTML may well have names and values.
            while (_xml.Read() && !(_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == _open.Count))
            {
            }

            return;
        }

        if (isRepeater)
        {
            // An empty placeholder would be everywhere.
            _flags.Add(attributes.GetValueOrDefault(ConfigAttributes.IndexFlag) is { Length: > 0 } flag ? flag : DefaultIndexFlag);
        }

        _open.Push((control, isRepeater ? 1 : 0));
    }

    private void End()
    {
        int flags = _open.Pop().Flags;
        _flags.RemoveRange(_flags.Count - flags, flags);
    }

    /// <summary>The control that the tag is; null where it is none.</summary>
    private ControlTag? AddTag(string type, Dictionary<string, string> attributes)
    {
        if (attributes.GetValueOrDefault(ConfigAttributes.Name) is not { Length: > 0 } name)
        {
            return null;
        }

        string? toName = attributes.GetValueOrDefault(ConfigAttributes.ToName);

        // Where there is one object tag alone, the editor fills in the toName that a control lacks.
        bool isControl = toName is not null || ControlTypes.Contains(type);
        string? list = attributes.GetValueOrDefault(ConfigAttributes.ValueList) is { Length: > 0 } valueList ? valueList : null;
        string? value = list ?? attributes.GetValueOrDefault(ConfigAttributes.Value);
        bool isConversation = Is(type, "Chat") || Is(type, "ReactCode");
        if (!isControl && value is not { Length: > 0 } && !isConversation)
        {
            return null;
        }

        RefuseRepeated(name);
        NameTemplate template = NameTemplate.Parse(name, _flags);
        if (!isControl || isConversation)
        {
            _objects.Add(new ObjectTag(type, template, value is null ? null : DataPath.TryParse(value, _flags, list is not null)));
        }

        if (!isControl && !isConversation)
        {
            return null;
        }

        // Regions of a Chat or a ReactCode name it as both, control and object.
        string[] toNames = (toName ?? (isConversation ? name : string.Empty)).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var control = new ControlTag(type, template, [.. toNames.Select(to => NameTemplate.Parse(to, _flags))]);
        if (isConversation || !ControlTypes.HasLabelSet(type) || IsDynamic(attributes))
        {
            control.Open();
        }

        _controls.Add(control);
        return control;
    }

    /// <summary>
    /// A label is exported as its alias where it has one. The editor also takes a region's label for a Label by its value, so of
    /// those both are known; a Choice it finds by what it exports alone.
    /// </summary>
    private void AddLabel(ControlTag? control, bool isChoice, Dictionary<string, string> attributes)
    {
        if (control is null)
        {
            return;
        }

        string? alias = attributes.GetValueOrDefault(ConfigAttributes.Alias) is { Length: > 0 } given ? given : null;
        string? value = attributes.GetValueOrDefault(ConfigAttributes.Value) is { Length: > 0 } text ? text : null;
        if (alias is not null)
        {
            control.Add(NameTemplate.Parse(alias, _flags));
        }

        if (value is null || (isChoice && alias is not null))
        {
            return;
        }

        control.Add(NameTemplate.Parse(value, _flags));
        if (IsVariable(value))
        {
            // Filled in from each task's data.
            control.Open();
        }
    }

    /// <summary>Whether labels come from the task, from a server, or from the annotators.</summary>
    private static bool IsDynamic(Dictionary<string, string> attributes) =>
        (attributes.GetValueOrDefault(ConfigAttributes.Value) is { } value && IsVariable(value))
        || attributes.GetValueOrDefault(ConfigAttributes.ApiUrl) is { Length: > 0 }
        || Is(attributes.GetValueOrDefault(ConfigAttributes.Legacy), "true")
        || Is(attributes.GetValueOrDefault(ConfigAttributes.AllowAddLabels), "true");

    private static bool IsVariable(string value) => value.Contains('$', StringComparison.Ordinal);

    // Label Studio refuses such a configuration too: a region's to_name would mean either.
    private void RefuseRepeated(string name)
    {
        var place = (IXmlLineInfo)_xml;
        _xml.MoveToElement();
        if (!_lines.TryAdd(name, place.LineNumber))
        {
            throw LabelConfigErrors.LabelConfigNameRepeated(_file, place.LineNumber, place.LinePosition, name, _lines[name]);
        }
    }

    private Dictionary<string, string> Attributes()
    {
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (_xml.MoveToNextAttribute())
        {
            // Of names that differ by case alone the editor takes the last.
            attributes[_xml.Name] = _xml.Value;
        }

        _xml.MoveToElement();
        return attributes;
    }

    private static bool Is(string? text, string name) => string.Equals(text, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>What a file that cannot be XML begins with; null for what may be.</summary>
    private static string? NotXml(byte[] bytes)
    {
        ReadOnlySpan<byte> head = bytes.AsSpan();
        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            head = head[3..];
        }

        head = head.TrimStart(" \t\r\n"u8);
        return head switch
        {
            [] => "nothing: it is empty",
            [(byte)'{' or (byte)'[', ..] => "JSON; a project's settings have the configuration as the text of \"label_config\"",

            // A mark of UTF-16, or UTF-16 without one.
            [(byte)'<' or 0 or >= 0xFE, ..] => null,
            [> 0x20 and < 0x7F and var first, ..] => $"'{(char)first}'",
            _ => "no text",
        };
    }

    private static HarvestException Malformed(byte[] xml, string file, XmlException fault)
    {
        using var text = new StreamReader(new MemoryStream(xml), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        int number = 0;
        while (text.ReadLine() is { } line)
        {
            number++;
            if (number == fault.LineNumber)
            {
                return LabelConfigErrors.LabelConfigMalformed(file, number, Math.Max(fault.LinePosition, 1), Excerpt(line, fault.LinePosition));
            }

            // A definition is refused without a place.
            int dtd = fault.LineNumber < 1 ? line.IndexOf("<!DOCTYPE", StringComparison.Ordinal) : -1;
            if (dtd >= 0)
            {
                return LabelConfigErrors.LabelConfigHasDtd(file, number, dtd + 1);
            }
        }

        return LabelConfigErrors.LabelConfigMalformed(file, Math.Max(fault.LineNumber, 1), Math.Max(fault.LinePosition, 1), null);
    }

    private static string? Excerpt(string line, int column)
    {
        const int Longest = 40;

        // The reader stops behind the character that begins what is wrong.
        int start = Math.Clamp(column - 1, 0, line.Length);
        int begin = line.AsSpan(0, start).LastIndexOfAny('<', '&');
        string rest = line[(begin >= start - 2 && begin >= 0 ? begin : start)..].Trim();
        return rest.Length == 0 ? null : rest.Length <= Longest ? $"'{rest}'" : $"'{rest[..Longest]}…'";
    }
}
