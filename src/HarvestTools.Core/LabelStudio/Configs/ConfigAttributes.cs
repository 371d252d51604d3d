namespace HarvestTools.LabelStudio.Configs;

/// <summary>The attributes of tags that say something here. Label Studio's editor takes their names in any case.</summary>
internal static class ConfigAttributes
{
    public const string Name = nameof(Name);
    public const string ToName = nameof(ToName);
    public const string Value = nameof(Value);
    public const string ValueList = nameof(ValueList);
    public const string Alias = nameof(Alias);
    public const string IndexFlag = nameof(IndexFlag);
    public const string ApiUrl = nameof(ApiUrl);
    public const string Legacy = nameof(Legacy);
    public const string AllowAddLabels = nameof(AllowAddLabels);
}
