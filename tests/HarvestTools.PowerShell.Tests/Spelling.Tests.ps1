#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $arguments = @(
        'plain-1.json', 'with space.json', "it's.json", 'say "so".json', '$HOME.json', '`id`.json', '-dash.json', '-Project', 'a;b&c|d.json',
        '*.json', 'a[1].json', '~', "$([char]0xE9)$([char]0x4E2D).json", 'a\b.json', '@args', '#x', '%PATH%', 'a=b', '(x)', '{x}', '1e5', '--',
        "typo$([char]0x2019)s.json", "$([char]0x201C)q$([char]0x201D) `$x.json", "both ' and `$x.json"
    ) | ForEach-Object { @{ Argument = $_ } }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule

    # A type of the module by name: the test is parsed before the module is imported.
    $script:Action = {
        param($Name, [object[]] $Arguments, [hashtable] $Property = @{})
        New-Object -TypeName "HarvestTools.Errors.RemedyAction+$Name" -ArgumentList $Arguments -Property $Property
    }
    $script:Base = & $Action ListSlices | ForEach-Object { $_.GetType().BaseType }
    $script:Spell = { param($Item) [HarvestTools.PowerShell.CmdletSpelling]::Instance.Spell($Item) }

    # The actions that have arguments, with all of them given, and those that have none.
    $script:ActionsOf = {
        param($Text)
        & $Action HashExport @($Text)
        & $Action AddExport @($Text, $Text) @{ LabelConfig = $Text }
        & $Action NewSlice @('v2', $Text, $Text)
        & $Action RestoreExport @($Text, $Text, $true)
        & $Action RenameProject @($Text, $Text)
        & $Action RetireProject @($Text)
        & $Action UnretireProject @($Text)
        & $Action AddProjectId @($Text, [long] 15)
        & $Action RemoveProjectId @($Text, [long] 15)
        & $Action RemoveSlice @($Text)
        & $Action BuildSlice @($Text)
        & $Action CheckSlice @($Text) @{ Twice = $true }
        & $Action TraceRows @($Text)
        & $Action TrustProgram @($Text) @{ Definition = $Text }
        & $Action PromoteModel @($Text, $Text)
        & $Action EraseWork @([HarvestTools.Errors.ErasureStep]::Plan, [long] 7, [NullString]::Value, $Text) @{ Emails = [string[]] @($Text) }
        & $Action PushSlices @($Text, $true)
        & $Action CollectRemote @($Text, $Text) @{ Exclusive = $true }
        & $Action PullSlices @($Text)
        & $Action RegisterModel @($Text, $Text)
        & $Action ReplaceModel @($Text, $Text, $Text) @{ Metrics = & { $all = [System.Collections.Generic.Dictionary[string, double]]::new(); $all[$Text] = 0.5; $all['y'] = 2e-9; , $all } }
        & $Action PinEvalSet @($Text)
    }
    $script:Bare = 'InitializeRepository', 'ListExports', 'RepairArchive', 'ListSlices', 'ListTrusted', 'ShowHistory', 'ShowRetrainState'

    # The one command of a line as PowerShell's own parser has it.
    $script:CommandOf = {
        param($Line)
        $tokens = $faults = $null
        $tree = [System.Management.Automation.Language.Parser]::ParseInput($Line, [ref] $tokens, [ref] $faults)
        $faults | Should -BeNullOrEmpty -Because $Line
        $tree.EndBlock.Statements.Count | Should -Be 1 -Because $Line
        $tree.EndBlock.Statements[0].PipelineElements.Count | Should -Be 1 -Because $Line
        $tree.EndBlock.Statements[0].PipelineElements[0]
    }

    # What a parameter would be given: names without dashes, values.
    $script:BoundOf = {
        param($Line)
        $bound = [System.Management.Automation.Language.StaticParameterBinder]::BindCommand((& $CommandOf $Line), $true)
        $bound.BindingExceptions.Keys | Should -BeNullOrEmpty -Because $Line
        $values = @{}
        foreach ($entry in $bound.BoundParameters.GetEnumerator()) {
            $values[$entry.Key] = $entry.Value.ConstantValue ?? $entry.Value.Value?.SafeGetValue()
        }

        $values
    }
}

Describe 'Remedies as cmdlets' {
    It 'spells every action' {
        $names = $Base.GetNestedTypes().Name | Where-Object { $_ -notin 'EditSetting', 'ChooseRepository', 'RestoreFromGit' }
        @((& $ActionsOf 'x').ForEach{ $_.GetType().Name }) + $Bare | Sort-Object | Should -Be ($names | Sort-Object)
        & $Spell (& $Action ChooseRepository) | Should -Be '-Repository DIR'
    }

    It 'spells <_> as a cmdlet of the module' -ForEach InitializeRepository, ListExports, RepairArchive, ListSlices, ListTrusted, ShowHistory, ShowRetrainState {
        $line = & $Spell (& $Action $_)
        (Get-Command (& $CommandOf $line).GetCommandName() -ErrorAction Stop).ModuleName | Should -Be HarvestTools
        @((& $BoundOf $line).Keys) | Should -Be @(if ($_ -eq 'RepairArchive') { 'Repair' })
    }

    It 'names several exports of a slice' {
        $names = 'hands-0123456789ab', "it's-0123456789ab", '-x'
        $line = & $Spell (& $Action NewSlice @('v2') @{ Exports = [string[]] $names })
        (& $BoundOf $line).Export | Should -BeExactly $names
    }

    It 'reads as cmdlets on an exception as well' {
        $fault = try { Get-Slice v9 -Repository (New-TestRepository "$TestDrive/r" -Empty) -ErrorAction Stop } catch { $_ }
        $fault.Exception.Remedy | Should -BeExactly 'List the slices with Get-Slice.'
        $fault.ErrorDetails.RecommendedAction | Should -BeExactly 'List the slices with Get-Slice.'
    }

    It 'binds <Argument> to the parameters of a cmdlet of the module' -ForEach $arguments {
        foreach ($item in & $ActionsOf $Argument) {
            $line = & $Spell $item
            $command = (& $CommandOf $line).GetCommandName()
            (Get-Command $command -ErrorAction Stop).ModuleName | Should -Be HarvestTools
            $bound = & $BoundOf $line
            switch ($item.GetType().Name) {
                HashExport { $bound['Path'] ?? $bound['LiteralPath'] | Should -BeExactly $Argument }
                AddExport {
                    $bound['Path'] ?? $bound['LiteralPath'] | Should -BeExactly $Argument
                    $bound.ContainsKey('LiteralPath') | Should -Be ([WildcardPattern]::ContainsWildcardCharacters($Argument))
                    $bound.Project | Should -BeExactly $Argument
                    $bound.LabelConfig | Should -BeExactly $Argument
                }
                NewSlice { $bound.Version, $bound.Export, $bound.Prefer | Should -BeExactly 'v2', $Argument, $Argument }
                RestoreExport {
                    $bound.Export, $bound.Destination | Should -BeExactly $Argument, $Argument
                    $bound.ContainsKey('Force') | Should -BeTrue
                }
                TraceRows {
                    $bound.Version | Should -BeExactly $Argument
                    $bound.ContainsKey('Row') | Should -BeTrue
                }
                TrustProgram { $bound.Definition | Should -BeExactly $Argument }
                CheckSlice { $bound.ContainsKey('Twice') | Should -BeTrue }
                PromoteModel { $bound.Name, $bound.Version, $bound.Reason | Should -BeExactly $Argument, $Argument, 'TEXT' }
                EraseWork { $bound.Annotator, $bound.Email, $bound.Project | Should -Be 7, $Argument, $Argument }
                { $_ -in 'BuildSlice', 'CheckSlice', 'RemoveSlice', 'TrustProgram', 'PushSlices', 'PullSlices' } { $bound.Version | Should -BeExactly $Argument }
                CollectRemote {
                    $bound.Remote, $bound.Forget | Should -BeExactly $Argument, $Argument
                    $bound.ContainsKey('Exclusive') | Should -BeTrue
                }
                RegisterModel {
                    $bound.Version, $bound.Name | Should -BeExactly $Argument, 'NAME'
                    @($bound.Metric.Keys) | Should -BeExactly $Argument
                    $bound.Metric[$Argument] | Should -Be 0.91
                }
                ReplaceModel {
                    $bound.Version, $bound.Name, $bound.Path | Should -BeExactly $Argument, $Argument, $Argument
                    $bound.Metric[$Argument], $bound.Metric['y'] | Should -Be 0.5, 2e-9
                    $bound.ContainsKey('Force') | Should -BeTrue
                }
                PinEvalSet { $bound.Path | Should -BeExactly $Argument }
            }
        }
    }

    It 'names a cmdlet for each step of an erasure' {
        & $Spell (& $Action EraseWork @([HarvestTools.Errors.ErasureStep]::Plan, [long] 7, [NullString]::Value, [NullString]::Value) @{ Emails = [string[]] @('ana@example.org', 'b c') }) |
            Should -BeExactly 'New-ErasurePlan -Annotator 7 -Email "ana@example.org", "b c"'
        & $Spell (& $Action EraseWork @([HarvestTools.Errors.ErasureStep]::Remove, $null, 'ep 1', [NullString]::Value)) | Should -BeExactly 'Remove-ErasedExport -Episode "ep 1"'
        & $Spell (& $Action EraseWork @([HarvestTools.Errors.ErasureStep]::Prove, [long] 7, [NullString]::Value, 'hands')) | Should -BeExactly 'Test-Erasure -Annotator 7 -Project hands'
    }

    It 'binds placeholders too' {
        (& $BoundOf (& $Spell (& $Action AddExport @([NullString]::Value, [NullString]::Value)))).Path | Should -BeExactly FILE
        (& $BoundOf (& $Spell (& $Action NewSlice @([NullString]::Value, [NullString]::Value, [NullString]::Value)))).Version | Should -BeExactly VERSION
        (& $BoundOf (& $Spell (& $Action RegisterModel @([NullString]::Value, [NullString]::Value)))).Name | Should -BeExactly NAME
        (& $BoundOf (& $Spell (& $Action PinEvalSet @([NullString]::Value)))).Path | Should -BeExactly PATH
        (& $BoundOf (& $Spell (& $Action HashExport @([NullString]::Value)))).Path | Should -BeExactly FILE
    }

    It 'gives git <Argument> as it is' -ForEach $arguments {
        $elements = (& $CommandOf (& $Spell (& $Action RestoreFromGit @("slices/$Argument")))).CommandElements
        $elements.Count | Should -Be 4
        $elements[0..2].Extent.Text | Should -Be git, checkout, '--'
        $elements[3].SafeGetValue() | Should -BeExactly "slices/$Argument"
    }

    It 'quotes only where it is needed' {
        & $Spell (& $Action AddExport @('a/b-1.json', 'b')) | Should -BeExactly 'Add-Export a/b-1.json -Project b'
        & $Spell (& $Action AddExport @('a b.json', 'b')) | Should -BeExactly 'Add-Export "a b.json" -Project b'
        & $Spell (& $Action AddExport @('$x''s.json', 'b')) | Should -BeExactly 'Add-Export ''$x''''s.json'' -Project b'
        & $Spell (& $Action AddExport @('a[1].json', 'b')) | Should -BeExactly 'Add-Export -LiteralPath "a[1].json" -Project b'
    }
}
