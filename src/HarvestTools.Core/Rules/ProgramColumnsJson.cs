using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Rules;

/// <summary>Reads and writes what a definition says of the columns of a program's tables: <c>keys</c> and <c>columns</c>.</summary>
internal static class ProgramColumnsJson
{
    private const string KeysName = "keys";
    private const string ColumnsName = "columns";

    public static ProgramColumns Read(SettingsReader settings) => new(Keys(settings), Mapped(settings.OptionalObject(ColumnsName)));

    public static void Write(ProgramColumns columns, JsonObject json)
    {
        if (columns.Keys is [{ Pattern: ProgramColumns.AllTables } all])
        {
            json[KeysName] = Texts(all.Columns);
        }
        else if (columns.Keys.Count > 0)
        {
            json[KeysName] = new JsonObject(columns.Keys.Select(static key => KeyValuePair.Create(key.Pattern, (JsonNode?)Texts(key.Columns))));
        }

        if (columns.Mapped.Count > 0)
        {
            json[ColumnsName] = new JsonObject(columns.Mapped.OrderBy(static pair => pair.Key)
                .Select(static pair => KeyValuePair.Create(ProgramColumns.Word(pair.Key), (JsonNode?)JsonValue.Create(pair.Value))));
        }
    }

    private static List<TableKey> Keys(SettingsReader settings)
    {
        if (settings.IsList(KeysName))
        {
            return settings.OptionalTexts(KeysName) is { Count: > 0 } all ? [new TableKey(ProgramColumns.AllTables, all)] : [];
        }

        if (settings.OptionalObject(KeysName) is not { } tables)
        {
            return [];
        }

        var keys = new List<TableKey>();
        foreach (string pattern in tables.Names)
        {
            if (FilePatterns.Fault(pattern) is { } fault)
            {
                throw ProgramErrors.PatternInvalid(tables.FullName(pattern), pattern, fault);
            }

            keys.Add(tables.Texts(pattern) is { Count: > 0 } columns
                ? new TableKey(pattern, columns)
                : throw SettingValue.Invalid(tables.FullName(pattern), new JsonArray(), "a list of columns, for example [\"task_id\", \"frame\"]"));
        }

        return keys;
    }

    private static Dictionary<ColumnRole, string> Mapped(SettingsReader? settings)
    {
        var mapped = new Dictionary<ColumnRole, string>();
        foreach (ColumnRole role in settings is null ? [] : Enum.GetValues<ColumnRole>())
        {
            if (settings!.OptionalText(ProgramColumns.Word(role)) is { } column)
            {
                mapped.Add(role, column);
            }
        }

        settings?.RefuseUnknown();
        return mapped;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(static text => JsonValue.Create(text))]);
}
