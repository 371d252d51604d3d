using System.Text.Json.Nodes;

namespace HarvestTools.Json;

/// <summary>
/// Builds a JSON object in the order of its calls. A field without a value is left out, unless the object that was read
/// had it as null; <see cref="Build"/> adds the fields that the reader did not know, in the order they were read in.
/// </summary>
internal sealed class ObjectWriter(JsonObject? rest)
{
    private readonly JsonObject _result = [];

    public ObjectWriter Add(string name, string? value) => AddNode(name, value is null ? null : JsonValue.Create(value));

    public ObjectWriter Add(string name, long? value) => AddNode(name, value is null ? null : JsonValue.Create(value.Value));

    public ObjectWriter Add(string name, Timestamp? value) => Add(name, value?.Text);

    public ObjectWriter Add(string name, JsonNode? value) => AddNode(name, value?.DeepClone());

    /// <summary>Left out where empty.</summary>
    public ObjectWriter AddList<T>(string name, IReadOnlyList<T> items, Func<T, JsonObject> write) =>
        AddNode(name, items.Count == 0 ? null : List(items, write));

    public ObjectWriter AddRequiredList<T>(string name, IReadOnlyList<T> items, Func<T, JsonObject> write) =>
        AddNode(name, List(items, write));

    public JsonObject Build()
    {
        foreach ((string name, JsonNode? value) in rest ?? [])
        {
            if (!_result.ContainsKey(name))
            {
                _result.Add(name, value?.DeepClone());
            }
        }

        return _result;
    }

    private static JsonArray List<T>(IReadOnlyList<T> items, Func<T, JsonObject> write) => new([.. items.Select(write)]);

    private ObjectWriter AddNode(string name, JsonNode? value)
    {
        if (value is not null || rest?.ContainsKey(name) == true)
        {
            _result.Add(name, value);
        }

        return this;
    }
}
