-- Voltages on the plate of a type, between a phase and neutral: 230 of 3x230/400 V.
alter table meter_type_version
  add column reference_voltage_v numeric(8, 2) check (reference_voltage_v > 0),
  add column max_voltage_v numeric(8, 2) check (max_voltage_v > 0),
  add check (reference_voltage_v <= max_voltage_v);
